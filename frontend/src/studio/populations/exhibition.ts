/** Whether a population is in the public gallery. */
import type { Exhibition, ExhibitionInputRequest } from "../../api/schema.gen";
import { request } from "../http";

export const readExhibition = (population: number) => request<Exhibition>("GET", `populations/${population}/gallery/`);
export const setExhibition = (population: number, wanted: ExhibitionInputRequest) =>
  request<Exhibition>("PUT", `populations/${population}/gallery/`, wanted);

/** One function per operation of the API that the studio uses, and the addresses of its downloads. */
import type * as api from "./api";
import { API, request, upload } from "./http";

// --- datasets ---------------------------------------------------------------------------------------------------------
export const listDatasets = () => request<api.Dataset[]>("GET", "datasets/");
export const readDataset = (id: number) => request<api.Dataset>("GET", `datasets/${id}/`);
export const createDataset = (input: api.DatasetInput) => request<api.Dataset>("POST", "datasets/", input);
export const changeDataset = (id: number, input: api.DatasetInput) =>
  request<api.Dataset>("PATCH", `datasets/${id}/`, input);
export const deleteDataset = (id: number) => request<undefined>("DELETE", `datasets/${id}/`);
export const listFiles = (dataset: number) => request<api.MidiFile[]>("GET", `datasets/${dataset}/files/`);
export const deleteFile = (id: number) => request<undefined>("DELETE", `files/${id}/`);
export const readFilePhrase = (id: number) => request<api.PhraseOut>("GET", `files/${id}/phrase/`);
export const uploadFiles = (
  dataset: number,
  files: readonly File[],
  onProgress: (sentBytes: number) => void,
  signal?: AbortSignal,
) => upload<api.Uploaded>(`datasets/${dataset}/files/`, files, onProgress, signal);
export const fileMidi = (id: number) => `${API}files/${id}/midi/`;

// --- training ---------------------------------------------------------------------------------------------------------
export const listPresets = () => request<api.Preset[]>("GET", "training/presets/");
export const listRuns = () => request<api.Run[]>("GET", "training/runs/");
export const readRun = (id: number) => request<api.Run>("GET", `training/runs/${id}/`);
export const createRun = (input: api.RunInput) => request<api.Run>("POST", "training/runs/", input);
export const stopRun = (id: number) => request<api.Run>("POST", `training/runs/${id}/stop/`);
export const resumeRun = (id: number, limits: api.Limits) =>
  request<api.Run>("POST", `training/runs/${id}/resume/`, limits);
export const deleteRun = (id: number) => request<undefined>("DELETE", `training/runs/${id}/`);
export const listLosses = (run: number) => request<api.Loss[]>("GET", `training/runs/${run}/losses/`);
export const listCheckpoints = () => request<api.OwnedCheckpoint[]>("GET", "training/checkpoints/");
export const readReport = (checkpoint: number) =>
  request<unknown>("GET", `training/checkpoints/${checkpoint}/report/`);
export const orderReport = (checkpoint: number) =>
  request<api.CheckpointReport>("POST", `training/checkpoints/${checkpoint}/report/`);
export const drawSamples = (checkpoint: number, input: api.DrawInput) =>
  request<api.Ordered>("POST", `training/checkpoints/${checkpoint}/samples/`, input);
export const listSamples = (checkpoint: number | null) =>
  request<api.Sample[]>("GET", `training/samples/${checkpoint === null ? "" : `?checkpoint=${checkpoint}`}`);
export const checkpointFile = (id: number) => `${API}training/checkpoints/${id}/file/`;
export const sampleMidi = (id: number) => `${API}training/samples/${id}/midi/`;

// --- populations ------------------------------------------------------------------------------------------------------
export const listPopulations = () => request<api.Population[]>("GET", "populations/");
export const readPopulation = (id: number) => request<api.Population>("GET", `populations/${id}/`);
export const readOptions = () => request<api.PopulationOptions>("GET", "populations/options/");
export const createPopulation = (input: api.PopulationInput) =>
  request<api.Population>("POST", "populations/", input);
export const clonePopulation = (id: number, input: api.CloneInput) =>
  request<api.Population>("POST", `populations/${id}/clone/`, input);
export const deletePopulation = (id: number) => request<undefined>("DELETE", `populations/${id}/`);
export const readGeneration = (population: number, number: number) =>
  request<api.GenerationDetail>("GET", `populations/${population}/generations/${number}/`);
export const closeGeneration = (population: number, number: number) =>
  request<api.Generation>("POST", `populations/${population}/generations/${number}/close/`);
export const readListeners = (population: number) =>
  request<api.Listeners>("GET", `populations/${population}/listeners/`);
export const readListener = (population: number, listener: number) =>
  request<api.ListenerEffect>("GET", `populations/${population}/listeners/${listener}/`);
export const setListenerAside = (population: number, listener: number, is_set_aside: boolean) =>
  request<api.ListenerEffect>("PUT", `populations/${population}/listeners/${listener}/`, { is_set_aside });
export const individualMidi = (id: number) => `${API}individuals/${id}/midi/`;
export const generationZip = (population: number, number: number) =>
  `${API}populations/${population}/generations/${number}/midi.zip`;
export const populationArchive = (id: number) => `${API}populations/${id}/archive/`;

// --- rooms ------------------------------------------------------------------------------------------------------------
export const listRooms = () => request<api.Room[]>("GET", "rooms/");
export const readRoom = (code: string) => request<api.Room>("GET", `rooms/${code}/`);
export const openRoom = (population: number, name: string) =>
  request<api.Room>("POST", "rooms/", { population, ...(name === "" ? {} : { name }) });
export const setRoomState = (code: string, state: api.RoomState) =>
  request<api.Room>("POST", `rooms/${code}/state/`, { state });
export const listRehearsals = (code: string) => request<api.Rehearsal[]>("GET", `rooms/${code}/rehearsals/`);
export const rehearse = (code: string, input: api.RehearsalInput) =>
  request<api.Rehearsal>("POST", `rooms/${code}/rehearsals/`, input);
export const stopRehearsal = (code: string, id: number) =>
  request<api.Rehearsal>("POST", `rooms/${code}/rehearsals/${id}/stop/`);
export const deleteRehearsal = (code: string, id: number) =>
  request<undefined>("DELETE", `rooms/${code}/rehearsals/${id}/`);
export const changeRoom = (code: string, changes: api.RoomSettings) =>
  request<api.Room>("PATCH", `rooms/${code}/`, changes);
export const readDashboard = (code: string) => request<api.Dashboard>("GET", `rooms/${code}/dashboard/`);
export const changeRule = (population: number, changes: api.RuleInput) =>
  request<api.Rule>("PATCH", `populations/${population}/rule/`, changes);
export const extendGeneration = (population: number, number: number, more: api.Extension) =>
  request<api.Rule>("POST", `populations/${population}/generations/${number}/extend/`, more);
export const roomQr = (code: string) => `${API}rooms/${code}/qr.svg`;

/** What a room's page can do: the presses that components pass on, and the state that they show. */
import type { Check } from "../protocol/protocol.gen";
import type { Choice, DoorStep, RoomState, Side, SkipReason } from "./state";

export interface Session {
  readonly state: RoomState;
  readonly storedName: string;
  readonly join: (name: string) => void;
  readonly agree: () => void;
  readonly decline: () => void;
  /** The headphone check was done, or passed over. */
  readonly check: (headphones: Check["headphones"]) => void;
  readonly pass: (step: DoorStep) => void;
  readonly press: () => void;
  readonly pressSide: (side: Side) => void;
  readonly again: () => void;
  /** Let what plays sound as is chosen now. */
  readonly resound: () => void;
  readonly rate: (value: number) => void;
  readonly skip: (reason: SkipReason) => void;
  readonly choose: (choice: Choice) => void;
  readonly revise: (offer?: string) => void;
  readonly takeBack: (offer: string) => void;
  readonly sayMore: (offer: string, tags: readonly string[], remark: string) => void;
  readonly continueOn: () => void;
  readonly rest: () => void;
  readonly retry: () => void;
  /** Let everything go: the page is left. */
  readonly end: () => void;
}

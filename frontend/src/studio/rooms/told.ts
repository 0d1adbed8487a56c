/** What an event of the websocket makes of a room that is shown. */
import type { Room, RoomProgress } from "../api";
import type { RatingsCame } from "../events";
import { plural } from "../format";

/** The room with the event's figures, or the same room if the event is another's. */
export function told(room: Room, event: RatingsCame): Room {
  if (room.code !== event.room) return room;
  const { here, generation, complete, size, ratings } = event;
  const progress =
    room.progress?.generation === generation ? { ...room.progress, complete, size, ratings } : room.progress;
  return { ...room, here, progress };
}

/** How far the open generation is, 0 to 1: by ratings that count, as those move with each listener. */
export function fractionOf(progress: RoomProgress): number {
  return progress.needed > 0 ? Math.min(1, progress.ratings / progress.needed) : 0;
}

/** "7 of 10 phrases have enough ratings". */
export function progressLine(progress: RoomProgress): string {
  return `${progress.complete} of ${plural(progress.size, "phrase")} have enough ratings`;
}

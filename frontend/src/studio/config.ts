/** What the page's shell tells the studio: who is signed in and where things are. */

export interface Config {
  readonly email: string;
  readonly isStaff: boolean;
  readonly soundfont: string;
  /** The studio's websocket, as a path or a whole address. */
  readonly ws: string;
  readonly csrf: string;
}

const ELEMENT_ID = "antiphon-config";

/** Read the shell's JSON; what is missing is empty, so that a page without it still says what is wrong. */
export function readConfig(page: Document = document): Config {
  const text = page.getElementById(ELEMENT_ID)?.textContent ?? "";
  const given = parse(text);
  const word = (key: string, otherwise = ""): string => {
    const value = given[key];
    return typeof value === "string" ? value : otherwise;
  };
  return {
    email: word("email"),
    isStaff: given.is_staff === true,
    soundfont: word("soundfont"),
    ws: word("ws", "/ws/studio/"),
    csrf: word("csrf"),
  };
}

/** The address of the websocket, from a path or a whole address. */
export function websocketAddress(ws: string, page: Location = location): string {
  if (/^wss?:/.test(ws)) return ws;
  return `${page.protocol === "https:" ? "wss" : "ws"}://${page.host}${ws}`;
}

/** The token that a changing request carries: the cookie is newest, the shell's is the rest. */
export function csrfToken(page: Document = document): string {
  const match = /(?:^|;\s*)csrftoken=([^;]+)/.exec(page.cookie);
  return match?.[1] ? decodeURIComponent(match[1]) : readConfig(page).csrf;
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

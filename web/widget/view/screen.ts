/** What is seen beyond the chat's own state, for as long as the element lives. */
export interface Screen {
  /** Files are held over the conversation. */
  dragged: boolean;
  /** What was given as an e-mail address is none. */
  wrongEmail: boolean;
  /** The reader is not at the end of the conversation. */
  away: boolean;
}

export const blank: Screen = { dragged: false, wrongEmail: false, away: false };

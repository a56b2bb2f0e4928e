/** kindName is the platform's own word of an event, to be read by people: business_message → business message. */
export const kindName = (kind: string): string => kind.replaceAll("_", " ");

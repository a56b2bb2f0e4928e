// The search over messages, conversations and contacts.
export const search = {
  "search.label": "Search",
  "search.find": "Search messages, conversations and contacts",
  "search.in": "Search in",
  "search.messages": "Messages",
  "search.conversations": "Conversations",
  "search.contacts": "Contacts",
  "search.start": "Type at least two characters",
  "search.startHint": "A phone number is found with or without blanks and +.",
  "search.none": "Nothing has “{q}”",
  "search.failed": "The search did not work",
  "search.more": "More results",
  "search.results": { one: "{n} result", other: "{n} results" },
  "search.resultsMore": "More than {n} results",
} as const;

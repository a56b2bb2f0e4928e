/** When an agent mostly wants a conversation back, by the device's own time zone. */
export interface SnoozeTime {
  name: "later" | "tomorrow" | "monday" | "week";
  at: Date;
}

const morning = 9;

export function snoozeTimes(now: Date): SnoozeTime[] {
  const times: SnoozeTime[] = [
    { name: "later", at: wholeHour(now, 3) },
    { name: "tomorrow", at: morningIn(now, 1) },
    { name: "monday", at: morningIn(now, (8 - now.getDay()) % 7 || 7) },
    { name: "week", at: morningIn(now, 7) },
  ];
  // In the evening there is no later today; on a Sunday next Monday is tomorrow, on a Monday in a week.
  return times.filter(
    ({ name, at }, index) =>
      (name !== "later" || at.getDate() === now.getDate()) &&
      !times.slice(0, index).some((each) => each.at.getTime() === at.getTime()),
  );
}

function wholeHour(now: Date, hours: number): Date {
  const at = new Date(now);
  at.setHours(at.getHours() + hours, 0, 0, 0);
  return at;
}

function morningIn(now: Date, days: number): Date {
  const at = new Date(now);
  at.setDate(at.getDate() + days);
  at.setHours(morning, 0, 0, 0);
  return at;
}

/** What a datetime-local field shows for a time. */
export function localValue(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

const two = (n: number) => String(n).padStart(2, "0");

/** Whether a time can be waited for. */
export const isToCome = (at: Date): boolean => at.getTime() > Date.now();

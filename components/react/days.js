// Calendar days as ISO dates ("2026-07-24"), counted in UTC so that no daylight saving shifts them.
export const parse = (iso) => {
  const [year, month, day] = iso.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, day));
};

export const format = (date) => date.toISOString().slice(0, 10);

export const addDays = (iso, count) => {
  const date = parse(iso);
  date.setUTCDate(date.getUTCDate() + count);
  return format(date);
};

// The same day of another month, or that month's last.
export const addMonths = (iso, count) => {
  const date = parse(iso);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + count);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return format(date);
};

// Monday is 0.
export const weekday = (iso) => (parse(iso).getUTCDay() + 6) % 7;

// The weeks that a month touches, each with seven days.
export const weeksOf = (iso) => {
  const first = `${iso.slice(0, 7)}-01`;
  const start = addDays(first, -weekday(first));
  const next = addMonths(first, 1);
  const weeks = [];
  for (let monday = start; monday < next; monday = addDays(monday, 7))
    weeks.push(Array.from({ length: 7 }, (_, index) => addDays(monday, index)));
  return weeks;
};

export const say = (iso, options) => parse(iso).toLocaleDateString("en-GB", { timeZone: "UTC", ...options });

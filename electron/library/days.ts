/** The day so many days after one; both `YYYY-MM-DD`. */
export function addDays(day: string, days: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const moved = new Date(0);
  moved.setUTCFullYear(year, month - 1, date + days);
  // The day after the last that four digits can write: later than every date of the record all the same.
  return moved.getUTCFullYear() > 9999 ? ':' : moved.toISOString().slice(0, 10);
}

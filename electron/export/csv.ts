/** A number, which no spreadsheet takes for a formula: a face at the edge of a photo may begin at -0.01. */
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/;

/**
 * One line of comma-separated values (RFC 4180). A spreadsheet takes no name for a formula: what could begin one gets an
 * apostrophe in front, which spreadsheets don't show (OWASP, "CSV Injection").
 */
export function csvOf(values: readonly string[]): string {
  const cells = values.map((value) => {
    const text = /^[=+\-@\t\r]/.test(value) && !NUMBER.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${cells.join(',')}\r\n`;
}

/** Tells spreadsheets that a table is UTF-8. */
export const UTF8_MARK = '\ufeff';

/** Reads what Vitest and Playwright write of a run as JSON. */
import { relative } from 'node:path';
import { SPLIT, type Tried } from './tries.ts';

export interface VitestReport {
  testResults: {
    /** The file, absolute. */
    name: string;
    status: string;
    assertionResults: { status: string; fullName: string }[];
  }[];
}

interface PlaywrightSuite {
  /** The file's name in the outermost, then a title. */
  title: string;
  suites?: PlaywrightSuite[];
  specs?: { title: string; file: string; tests: { status: string; results: unknown[] }[] }[];
}

export interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  /** Beside those of tests: of files that could not be loaded, and of what comes before all tests. */
  errors: unknown[];
  suites: PlaywrightSuite[];
}

/** The tests of some files of Vitest's that ran, and did not only wait or were skipped. @param tries of each of them */
export function vitestTests(
  { testResults }: VitestReport,
  files: ReadonlySet<string>,
  project: string,
  tries: number,
): Tried[] {
  return testResults.flatMap(({ name, assertionResults }) => {
    const file = relative(project, name).replaceAll('\\', '/');
    if (!files.has(file)) return [];
    return assertionResults
      .filter(({ status }) => status === 'passed' || status === 'failed')
      .map(({ fullName }) => ({ name: `${file}${SPLIT}${fullName}`, tries }));
  });
}

/** The tests of Playwright's that ran. @param folder of the tests, relative to the project, with a slash at its end */
export function playwrightTests({ suites }: PlaywrightReport, folder: string): Tried[] {
  const within = (suite: PlaywrightSuite, titles: readonly string[]): Tried[] => [
    ...(suite.specs ?? []).flatMap(({ title, file, tests }) =>
      tests
        .filter(({ results }) => results.length > 0)
        .map(({ status, results }) => ({
          name: [`${folder}${file}`, ...titles, title].join(SPLIT),
          // One that fails at each try hides nothing.
          tries: status === 'flaky' ? results.length : 1,
        })),
    ),
    ...(suite.suites ?? []).flatMap((inner) => within(inner, [...titles, inner.title])),
  ];
  return suites.flatMap((suite) => within(suite, []));
}

import { type Agreement, bCubed } from '../../electron/grouping/metrics.ts';
import type { GroupedFace, Outcome } from './imports-replay.ts';

/** How right a library's groups are. */
export interface Standing extends Agreement {
  /** Faces in no group. */
  alone: number;
  /** Pairs of faces of two people in one group. */
  wrong: number;
}

/** One way of cutting. */
export interface Row {
  way: string;
  imports: number;
  /** Whether names were given between imports. */
  isNamed: boolean;
  outcome: Outcome;
  /** The same photos at once; where names were given, with the same names after it. */
  once: Outcome;
  /**
   * The same photos at once, without names. Names are held against it: whoever names in the end sees every group as it is then,
   * and takes others out of it that between the imports were not there yet.
   */
  plain: Outcome;
}

/** By how much imports may be worse than grouping at once: B-cubed F and precision; faces alone, as a share of those. */
const BOUNDS = { f: 0.005, alone: 0.02, precision: 0.001 };

/** @param by groups themselves, or what is shown: where faces have names those, else groups */
export function standingOf(faces: readonly GroupedFace[], by: 'group' | 'shown'): Standing {
  const groups = faces.map((face) => face[by]);
  const people = faces.map(({ person }) => person);
  return {
    ...bCubed(groups, people),
    alone: groups.filter((group) => group < 0).length,
    wrong: wrongPairs(groups, people),
  };
}

/** B-cubed F of one grouping of the same faces against another. */
export function likeness(faces: readonly GroupedFace[], others: readonly GroupedFace[]): number {
  const shown = new Map(others.map(({ place, shown }, at) => [place, shown < 0 ? -1 - at : shown]));
  return bCubed(
    faces.map(({ shown }) => shown),
    faces.map(({ place }) => shown.get(place) ?? `missing ${place}`),
  ).f;
}

function wrongPairs(groups: readonly number[], people: readonly string[]): number {
  const grouped = Map.groupBy(
    [...groups.keys()].filter((at) => groups[at]! >= 0),
    (at) => groups[at]!,
  );
  const pairs = (count: number) => (count * (count - 1)) / 2;
  return [...grouped.values()].reduce((sum, group) => {
    const apart = [...Map.groupBy(group, (at) => people[at]!).values()];
    return sum + pairs(group.length) - apart.reduce((right, { length }) => right + pairs(length), 0);
  }, 0);
}

/**
 * The table in Markdown; numbers of the same photos at once stand behind each bar. Where faces have names, people count
 * rather than groups, but for the one column of the groups themselves.
 */
export function tableOf(rows: readonly Row[]): string {
  const head = [
    ...['way', 'imports', 'names between', 'precision / at once', 'recall / at once', 'F / at once'],
    ...['F of groups themselves / at once', 'F grouped anew'],
    ...['F to at once', 'faces alone / at once', 'wrong joins / at once'],
    ...['answers to 80 % / at once', 'to 95 % / at once', 'slowest import / at once, s'],
  ];
  const lines = rows.map(({ way, imports, isNamed, outcome, once }) => {
    const [is, was] = [outcome, once].map(({ faces }) => standingOf(faces, 'shown')) as [Standing, Standing];
    const groups = [outcome, once].map(({ faces }) => standingOf(faces, 'group').f.toFixed(4));
    const [slowest, whole] = [outcome, once].map(({ seconds }) => Math.max(...seconds).toFixed(2));
    return [
      ...[way, imports, isNamed ? outcome.names.length : 'none'],
      ...(['precision', 'recall', 'f'] as const).map(
        (share) => `${is[share].toFixed(4)} / ${was[share].toFixed(4)}`,
      ),
      groups.join(' / '),
      outcome.anew === null ? '—' : standingOf(outcome.anew, 'shown').f.toFixed(4),
      likeness(outcome.faces, once.faces).toFixed(4),
      `${is.alone} / ${was.alone}`,
      `${is.wrong} / ${was.wrong}`,
      ...(['at80', 'at95'] as const).map((mark) => `${told(outcome, mark)} / ${told(once, mark)}`),
      `${slowest} / ${whole}`,
    ].join(' | ');
  });
  return [head.join(' | '), head.map(() => '---').join(' | '), ...lines]
    .map((line) => `| ${line} |`)
    .join('\n');
}

function told({ answers }: Outcome, mark: 'at80' | 'at95'): string {
  return answers === null ? '—' : String(answers[mark] ?? 'never');
}

/** A row's figures, with the seconds of each import. */
export function figuresOf({ outcome, once, plain: _, ...row }: Row) {
  const part = ({ faces, anew, seconds, names, answers }: Outcome) => {
    const [groups, shown] = [standingOf(faces, 'group'), standingOf(faces, 'shown')];
    const again = anew && standingOf(anew, 'shown');
    return { groups, shown, anew: again, seconds, names: names.length, answers };
  };
  return { ...row, likeness: likeness(outcome.faces, once.faces), ...part(outcome), once: part(once) };
}

/**
 * A line for each bound: whether it holds in every way of cutting, and where it is nearest to it, or farthest beyond. Where
 * names were given people count, as whoever looks sees them: of one name there may be several groups.
 */
export function boundsOf(rows: readonly Row[]): string[] {
  return [
    ...linesOf(
      'groups',
      rows.filter(({ isNamed }) => !isNamed),
      'group',
    ),
    ...linesOf(
      'with names between',
      rows.filter(({ isNamed }) => isNamed),
      'shown',
    ),
    ...anewOf(rows),
  ];
}

/** Whether grouping everything anew makes a library with names worse, and where the most. */
function anewOf(rows: readonly Row[]): string[] {
  const judged = rows.flatMap(({ way, imports, outcome: { faces, anew } }) =>
    anew === null
      ? []
      : [
          {
            name: `${way}, ${imports} imports`,
            lost: standingOf(faces, 'shown').f - standingOf(anew, 'shown').f,
          },
        ],
  );
  const [worst] = judged.toSorted((a, b) => b.lost - a.lost);
  if (!worst) return [];
  const worse = judged.filter(({ lost }) => lost > 0).length;
  return [
    `- grouped anew, with names: F lower than before in ${worse} of ${judged.length} rows; at most by ${worst.lost.toFixed(4)} (${worst.name})`,
  ];
}

function linesOf(what: string, rows: readonly Row[], by: 'group' | 'shown'): string[] {
  const judged = rows.map((row) => {
    const [is, was] = [standingOf(row.outcome.faces, by), standingOf(row.plain.faces, by)];
    return {
      name: `${row.way}, ${row.imports} imports${row.isNamed ? ', with names' : ''}`,
      f: was.f - is.f,
      alone: (is.alone - was.alone) / Math.max(1, was.alone),
      precision: was.precision - is.precision,
    };
  });
  const line = (title: string, measure: keyof typeof BOUNDS, shown: (value: number) => string) => {
    const [worst] = judged.toSorted((a, b) => b[measure] - a[measure]);
    if (!worst) return [];
    const beyond = judged.filter((row) => row[measure] > BOUNDS[measure]).length;
    const verdict = beyond === 0 ? 'holds' : `does not hold in ${beyond} of ${rows.length} rows`;
    return `- ${what}: ${title} at most ${shown(BOUNDS[measure])}: ${verdict}; worst ${shown(worst[measure])} (${worst.name})`;
  };
  const plain = (value: number) => value.toFixed(4);
  return [
    line('B-cubed F below grouping at once', 'f', plain),
    line('faces alone more than at once', 'alone', (value) => `${(100 * value).toFixed(1)} %`),
    line('precision below grouping at once', 'precision', plain),
  ].flat();
}

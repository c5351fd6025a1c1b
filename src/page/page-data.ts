/**
 * What the page's script gets, as compressed JSON in the page: every picture with what there is to say of it. Written by `test-data.ts`,
 * read by `browser/`; the engine does not run in the page.
 */

/** A statement, and what it follows from. */
export interface Reason {
  readonly text: string;
  readonly parts: readonly Reason[];
}

/** A statement of an explanation. */
export interface Said {
  readonly text: string;
  /** Keys of the nodes that it is about. */
  readonly nodes: readonly string[];
  readonly reasons: readonly Reason[];
}

/** A part of an explanation. */
export interface Chapter {
  readonly heading: string;
  readonly said: readonly Said[];
  /** Whether the statements follow one another, and have numbers. */
  readonly isOrdered: boolean;
  /** What they come to. */
  readonly conclusion: string | null;
}

export interface NodeData {
  /** The same for the same statement in every picture of the test and model. */
  readonly key: string;
  readonly isFence: boolean;
  /** `P0:12 WRITE_ONCE(p->blocked_on, 1)`. */
  readonly name: string;
  /** `writes 1 to p->blocked_on`, and for compiled code the instruction. */
  readonly deeds: readonly string[];
  /** One-based line in the test's source; null for initial writes. */
  readonly line: number | null;
}

/** What can be shown or hidden together. */
export type EdgeGroup = 'po' | 'rf' | 'co' | 'fr' | 'deps' | 'fences' | 'rmw' | 'other';

export interface EdgeData {
  readonly key: string;
  readonly group: EdgeGroup;
  readonly from: string;
  readonly to: string;
  /** For a screen reader and as a heading: `rf from P0:12 to P1:21`. */
  readonly title: string;
  /** On the cycle that the model forbids. */
  readonly highlighted: boolean;
  /** What the edge states, in sentences, each with the model's relations that hold there. */
  readonly said: readonly Said[];
}

export interface PictureData {
  /** `1:r0=1; 1:r1=0`. */
  readonly state: string;
  readonly isAllowed: boolean;
  /** The state is one that the condition asks for. */
  readonly isAsked: boolean;
  readonly dot: string;
  readonly nodes: readonly NodeData[];
  readonly edges: readonly EdgeData[];
  /** One line: what the model says of this execution. */
  readonly headline: string;
  readonly story: readonly Chapter[];
}

export interface ModelData {
  readonly model: string;
  readonly verdict: string;
  /** What is to be said beside the pictures: flags, or why there is no execution to be drawn. */
  readonly notes: readonly Chapter[];
  readonly pictures: readonly PictureData[];
}

export interface TestData {
  readonly name: string;
  readonly models: readonly ModelData[];
}

export interface PageData {
  readonly tests: readonly TestData[];
}

/** What checkboxes call the groups, in their order. */
export const edgeGroups: readonly { readonly group: EdgeGroup; readonly label: string }[] = [
  { group: 'po', label: 'po: program order' },
  { group: 'rf', label: 'rf: reads from' },
  { group: 'fr', label: 'fr: reads before' },
  { group: 'co', label: 'co: coherence' },
  { group: 'deps', label: 'dependencies' },
  { group: 'fences', label: 'fences' },
  { group: 'rmw', label: 'atomic accesses' },
  { group: 'other', label: 'other relations' },
];

/** The element that holds the data. */
export const DATA_ID = 'report-data';

/** Of a test's section, by its index; its parts' ids begin with it. */
export function sectionId(test: number): string {
  return `test-${test + 1}`;
}
/** Of a model's part of a section. */
export function modelId(test: number, model: number): string {
  return `${sectionId(test)}-model-${model + 1}`;
}

export function lineId(test: number, line: number): string {
  return `${sectionId(test)}-line-${line}`;
}

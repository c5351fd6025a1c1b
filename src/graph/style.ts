/**
 * How each kind of edge looks: a colour that people with colour-blindness can tell apart (the palette of Okabe and Ito,
 * 2008, darkened for thin lines), and a line that tells kinds apart without colour; the label tells the rest.
 */
import type { EdgeKind } from '../explain/cycle.js';
import type { GraphEdge, GraphModel } from './graph-model.js';

export interface EdgeStyle {
  readonly colour: string;
  readonly line: 'solid' | 'dashed' | 'dotted';
}

export const edgeStyles: Readonly<Record<EdgeKind, EdgeStyle>> = {
  po: { colour: '#707070', line: 'solid' },
  fence: { colour: '#707070', line: 'solid' },
  rf: { colour: '#0060a8', line: 'solid' },
  fr: { colour: '#b35900', line: 'dashed' },
  co: { colour: '#00765a', line: 'dotted' },
  addr: { colour: '#8a4a78', line: 'dashed' },
  data: { colour: '#8a4a78', line: 'dashed' },
  ctrl: { colour: '#8a4a78', line: 'dotted' },
  'pick-addr': { colour: '#8a4a78', line: 'dotted' },
  'pick-data': { colour: '#8a4a78', line: 'dotted' },
  'pick-ctrl': { colour: '#8a4a78', line: 'dotted' },
  rmw: { colour: '#404040', line: 'dotted' },
  sca: { colour: '#404040', line: 'dotted' },
  section: { colour: '#5a5a00', line: 'dashed' },
  other: { colour: '#404040', line: 'dashed' },
};

/** Of relations that a model defines, in the order in which they appear: dark, and none of the above. */
const modelColours = ['#5b3a9e', '#7a5c00', '#9e2f6f', '#00637a'] as const;

/** The style of each of a picture's edges. A relation of the model has a colour of its own, the same on all its edges. */
export function edgeStyler(graph: GraphModel): (edge: GraphEdge) => EdgeStyle {
  const nameOf = (edge: GraphEdge): string => edge.facts[0]?.relation ?? '';
  const others = graph.edges.filter((edge) => edge.kind === 'other' && !edge.highlighted);
  const names = [...new Set(others.map(nameOf))];
  return (edge) => {
    const at = edge.kind === 'other' ? names.indexOf(nameOf(edge)) : -1;
    const style = edgeStyles[edge.kind];
    return at < 0 ? style : { ...style, colour: modelColours[at % modelColours.length]! };
  };
}

/** The cycle: one strong colour, drawn twice as thick and labelled in bold, so that it stands out in grey too. */
export const cycleColour = '#c00020';

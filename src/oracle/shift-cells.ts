/**
 * Moves a statement of a plan (program-plan.ts) to other cells, so that threads are the same but for names.
 *
 * Test support.
 */
import type { Place, Statement } from './program-plan.js';

/** The same on cells `by` further on; cells wrap. */
export function shifted(statement: Statement, by: number): Statement {
  const cell = (index: number): number => index + by;
  const place = ({ cell: index, chosenBy }: Place): Place => ({
    cell: cell(index),
    chosenBy: chosenBy === null ? null : { ...chosenBy, other: cell(chosenBy.other) },
  });
  const all = (body: readonly Statement[]): readonly Statement[] => body.map((s) => shifted(s, by));
  switch (statement.kind) {
    case 'load':
    case 'store':
    case 'rmw':
      return { ...statement, place: place(statement.place) };
    case 'wait': {
      const { announced } = statement;
      const moved = announced === null ? null : { ...announced, cell: cell(announced.cell) };
      return { ...statement, cell: cell(statement.cell), announced: moved };
    }
    case 'spin':
    case 'publish':
    case 'pair':
      return { ...statement, cell: cell(statement.cell) };
    case 'if':
      return { ...statement, taken: all(statement.taken), otherwise: all(statement.otherwise) };
    case 'critical':
    case 'section':
    case 'trylock':
    case 'repeat':
      return { ...statement, body: all(statement.body) };
    case 'exclusive': {
      const { loaded, stored } = statement.cells;
      const between = statement.between === null ? null : shifted(statement.between, by);
      return { ...statement, cells: { loaded: cell(loaded), stored: cell(stored) }, between };
    }
    default:
      return statement;
  }
}

/**
 * Where branches join again: immediate postdominators of a thread's flat code.
 *
 * A branch controls what may run or not depending on it: all up to its immediate postdominator. So after an early return, the rest of the thread
 * is controlled. Method: Cooper, Harvey and Kennedy's iteration, on the reversed graph.
 */

/** Successors by instruction; `successors.length` is the exit. The result is null where nothing joins before the exit. */
export function immediatePostdominators(successors: readonly (readonly number[])[]): (number | null)[] {
  const exit = successors.length;
  const order = postorder(successors);
  const rank = new Map(order.map((node, i) => [node, i]));
  const idom = new Map<number, number>([[exit, exit]]);
  const meet = (a: number, b: number): number => {
    let [x, y] = [a, b];
    while (x !== y) {
      while (rank.get(x)! < rank.get(y)!) x = idom.get(x)!;
      while (rank.get(y)! < rank.get(x)!) y = idom.get(y)!;
    }
    return x;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = order.length - 1; i >= 0; i--) {
      const node = order[i]!;
      if (node === exit) continue;
      let joined: number | null = null;
      for (const next of successors[node]!)
        if (idom.has(next)) joined = joined === null ? next : meet(joined, next);
      if (joined !== null && idom.get(node) !== joined) {
        idom.set(node, joined);
        changed = true;
      }
    }
  }
  return successors.map((_, node) => {
    const found = idom.get(node);
    return found === undefined || found === exit ? null : found;
  });
}

/** Postorder of the reversed graph from the exit: nodes that cannot reach the exit are missing. */
function postorder(successors: readonly (readonly number[])[]): number[] {
  const exit = successors.length;
  const predecessors: number[][] = Array.from({ length: exit + 1 }, () => []);
  successors.forEach((nexts, node) => {
    for (const next of nexts) predecessors[next]!.push(node);
  });
  const order: number[] = [];
  const seen = new Set([exit]);
  const stack: { node: number; next: number }[] = [{ node: exit, next: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const child = predecessors[top.node]![top.next++];
    if (child === undefined) {
      order.push(top.node);
      stack.pop();
    } else if (!seen.has(child)) {
      seen.add(child);
      stack.push({ node: child, next: 0 });
    }
  }
  return order;
}

/** What names mean inside of a thread: locals, parameters, constants of the kernel, VAL and `current`. */
import type { CExpression } from '../syntax/c-tree.js';
import { type Diagnostic, errorAt, warningAt } from '../text/diagnostic.js';
import { didYouMean } from '../text/suggest.js';
import { pointerTo } from './c-pointers.js';
import { showType } from './c-type.js';
import { constant, failed, type Typed, typed } from './c-values.js';
import type { CodeBuilder } from './code-builder.js';
import { kernelConstants } from './kernel-names.js';
import type { Locals } from './locals.js';
import type { SharedObject, SharedObjects } from './shared-objects.js';

type NameTree = CExpression & { kind: 'name' };

export class Scope {
  private val: Typed | null = null;
  /** What parameters point to, by name: the thread's, and those of the helper functions being lowered. */
  private readonly frames: ReadonlyMap<string, SharedObject>[];

  constructor(
    private readonly code: CodeBuilder,
    readonly locals: Locals,
    readonly objects: SharedObjects,
    private readonly ofThread: ReadonlyMap<string, SharedObject>,
    readonly report: (diagnostic: Diagnostic) => void,
  ) {
    this.frames = [ofThread];
  }

  /** The objects that parameters certainly point to, by name. */
  get parameters(): ReadonlyMap<string, SharedObject> {
    return this.frames.at(-1)!;
  }

  enterFunction(parameters: ReadonlyMap<string, SharedObject>): void {
    this.frames.push(parameters);
  }

  leaveFunction(): void {
    this.frames.pop();
  }

  /** Binds `VAL` while `evaluate` runs. */
  withVal<T>(val: Typed, evaluate: () => T): T {
    const outer = this.val;
    this.val = val;
    const result = evaluate();
    this.val = outer;
    return result;
  }

  /** The value of a name. */
  value(tree: NameTree): Typed {
    const { name, span } = tree;
    const local = this.locals.find(name);
    if (local !== null) {
      this.locals.noteRead(local, this.code.length, span);
      return typed({ kind: 'register', name: local.name }, local.type);
    }
    if (name === 'VAL' && this.val !== null) return this.val;
    const object = this.parameters.get(name);
    if (object !== undefined) return this.addressOf(object);
    const value = kernelConstants.get(name);
    if (value !== undefined) return constant(value);
    if (name === 'current') {
      const task = this.currentTask(tree);
      return task === null ? failed : this.addressOf(task);
    }
    return this.unknown(tree);
  }

  /** Whether a name means something in this test. */
  isKnown(name: string): boolean {
    const { locals, parameters, objects } = this;
    const isLocal = locals.find(name) !== null || locals.all.has(name);
    return (
      isLocal ||
      parameters.has(name) ||
      objects.roots.has(name) ||
      kernelConstants.has(name) ||
      name === 'current'
    );
  }

  /** Reports a name that means nothing here. */
  unknown(tree: NameTree): Typed {
    const { name } = tree;
    const { locals } = this;
    const helper = locals.function;
    const global = this.objects.roots.get(name);
    const known = [
      ...[...locals.all.keys()].filter((local) => locals.find(local) !== null),
      ...this.parameters.keys(),
      ...kernelConstants.keys(),
    ];
    const sees = helper === null ? 'a thread sees the shared objects' : `\`${helper}\` sees the objects`;
    const hint =
      global === undefined
        ? didYouMean(name, known)
        : `${sees} that are its parameters: add \`${showType(global.type)} *${name}\``;
    const elsewhere = helper === null ? locals.all.get(name) : undefined;
    if (elsewhere !== undefined) {
      const message = `\`${name}\` is declared in another block`;
      const notes = [{ message: 'it is declared here', span: elsewhere.span }];
      const hint = 'declare it at the start of the thread';
      this.report(errorAt(tree.span, 'unknown-name', message, { notes, hint }));
    } else this.report(errorAt(tree.span, 'unknown-name', `unknown name \`${name}\``, { hint }));
    return failed;
  }

  addressOf(object: SharedObject): Typed {
    return pointerTo(this.objects, object);
  }

  /** No task runs on two CPUs at once. */
  private onlyTask(task: SharedObject, tree: CExpression): SharedObject {
    const { runs } = this.objects;
    const runner = runs.get(task);
    if (runner === undefined) runs.set(task, this);
    else if (runner !== this) {
      const message = `\`current\` is \`${task.name}\` here, as in another thread: a task runs on one CPU`;
      const hint = 'give one of the threads a parameter `struct task_struct *current` of its own';
      this.report(warningAt(tree.span, 'shared-current', message, { hint }));
      runs.set(task, this);
    }
    return task;
  }

  /** The task that runs the thread; null after a report. */
  currentTask(tree: CExpression): SharedObject | null {
    const named = this.ofThread.get('current');
    if (named !== undefined) return named;
    const tasks = [...this.ofThread.values()].filter(
      ({ type }) => type.kind === 'struct' && type.tag === 'task_struct',
    );
    if (tasks.length === 1) return this.onlyTask(tasks[0]!, tree);
    const message =
      tasks.length === 0
        ? 'this thread has no parameter `struct task_struct *`: which task is current?'
        : `several tasks are parameters of this thread (${tasks.map((t) => `\`${t.name}\``).join(', ')}): which one is current?`;
    const hint = 'name the one that runs the thread `current`, or write `smp_store_mb(p->__state, ...)`';
    this.report(errorAt(tree.span, 'no-current-task', message, { hint }));
    return null;
  }
}

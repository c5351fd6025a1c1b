/** x86 instructions that are known and not supported: what they are about, for the report. Source: Intel SDM volume 2. */

const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/^(push|pop)(a|ad|f)?[wlqd]?$|^(call|ret|enter|leave)[wlq]?$/, 'the stack and calls'],
  [/^lock$/, 'a prefix without its instruction'],
  [/^cmpxchg(8|16)b$/, 'accesses of two cells at once'],
  [/^(clflush(opt)?|clwb|cldemote|clzero|invd|wbinvd|wbnoinvd|invlpg|prefetch\w*)$/, 'control of caches'],
  [/^(rep\w*|(movs|stos|lods|cmps|scas|ins|outs)[bwlqd]?|[cs]t[d])$/, 'string instructions'],
  [/^(r[co]l|rcr|shld|shrd)[bwlq]?$/, 'rotations through the carry flag and double shifts'],
  [/^(i?div)[bwlq]?$/, 'division, which may fault'],
  [/^(x(begin|end|abort|test)|xacquire|xrelease)$/, 'transactions'],
  [
    /^(monitorx?|mwaitx?|umonitor|umwait|tpause|hlt|serialize|cpuid|rdtscp?|rdpmc|rdrand|rdseed)$/,
    'the processor itself',
  ],
  [
    /^(syscall|sysenter|sysret|sysexit|int\d?|into|iret[dq]?|ud[012]|cli|sti|in|out)[bwl]?$/,
    'interrupts, the system and ports',
  ],
  [/^(lahf|sahf|clc|stc|cmc)$/, 'the flags as a register'],
  [
    /^(v?mov(d|q|nt\w+|[au]p[sd]|dq[au]\w*|s[sd]|[hl]p[sd])|v?p\w+|v\w+|f\w+|maskmov\w+|[sl](d|t)mxcsr)$/,
    'vectors and floating point',
  ],
];

/** `unsupported: the stack and calls: ...`; null: not known either. */
export function refusal(mnemonic: string): string | null {
  const found = REFUSED.find(([pattern]) => pattern.test(mnemonic));
  return found === undefined ? null : `unsupported: ${found[1]}: \`${mnemonic}\``;
}

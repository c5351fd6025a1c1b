/** Texts that try to be more than text, for the tests of what is generated: pages, pictures, documents. */

/** Each sets `hacked` if it is run. In names of tests there are no blanks. */
export const hostileNames: readonly string[] = [
  '</script><script>hacked=1</script>',
  '"><svg/onload=hacked=1>',
  "'><img/src=x/onerror=hacked=1>",
  '<img/src=`x`/onerror=hacked=1>',
  '</title><script>hacked=1</script>',
  '</text><script>hacked=1</script>',
  ']]><script>hacked=1</script>',
  '--><script>hacked=1</script><!--',
  '&lt;script&gt;hacked=1&lt;/script&gt;',
  '&#60;script&#62;hacked=1&#60;/script&#62;',
  '<a/href="javascript:hacked=1">x</a>',
  '[x](javascript:hacked=1)',
  '![x](x"onerror="hacked=1)',
  '`<img/src=x/onerror=hacked=1>``',
  '``<img/src=x/onerror=hacked=1>`',
  '```<img/src=x/onerror=hacked=1>',
  '\\`<img/src=x/onerror=hacked=1>\\`',
  "$`$'$&$1<script>hacked=1</script>",
  '<?xml-stylesheet/href="javascript:hacked=1"?>',
  '<!ENTITY/x>&x;',
  '\\N\\G\\L</TD></TR></TABLE>>',
  '%3Cscript%3Ehacked=1%3C/script%3E',
  '\uffff\ufffe<script>hacked=1</script>',
  "<style>@import'x'</style>",
  '__proto__',
];

/** A test of this name, with the text wherever else a test takes any: comments, the captions of threads, a doc string. */
export function hostileTestOf(name: string): string {
  const line = name.replaceAll('*', '');
  return `C ${name}
"${line.replaceAll('"', "'")}"

(* ${line} *)

{ }

// ${line}
P0(int *x, int *y)
{
	WRITE_ONCE(*x, 1); // ${line}
	WRITE_ONCE(*y, 1);
}

P1(int *x, int *y)
{
	int r0;
	int r1;

	r0 = READ_ONCE(*y);
	r1 = READ_ONCE(*x);
}

exists (1:r0=1 /\\ 1:r1=0)
`;
}

/** A test whose every text tries to be more than text, for the tests of the page. */
export const hostileTest = String.raw`C </script><script>hacked=1</script>

(* <img src=x onerror=hacked=2> --> <!-- ]]> "quoted" 'x' &amp; </style><style>*{display:none} *)

{ }

// </title><script>hacked=3</script> \N <b>bold</b> "label=<" href=javascript:hacked=4
P0(int *x, int *y)
{
	WRITE_ONCE(*x, 1); // </script><svg onload=hacked=5>
	WRITE_ONCE(*y, 1);
}

P1(int *x, int *y)
{
	int r0;
	int r1;

	r0 = READ_ONCE(*y);
	r1 = READ_ONCE(*x);
}

exists (1:r0=1 /\ 1:r1=0)
`;

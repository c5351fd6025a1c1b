import { describe, expect, it } from 'vitest';
import { element, escapeText, markupOf, ownText } from './html.js';

describe('markup', () => {
  it.each([
    ['</script><script>', '&lt;/script&gt;&lt;script&gt;'],
    ['a & b "c" \'d\'', 'a &amp; b &quot;c&quot; &#39;d&#39;'],
    ['\u0000\u0008\u007f\u009f', '    '],
    ['tab\tline\n', 'tab\tline\n'],
  ])('escapes %j', (text, escaped) => {
    expect(escapeText(text)).toBe(escaped);
    expect(markupOf(element('p', { title: text }, text))).toBe(`<p title="${escaped}">${escaped}</p>`);
  });

  it('nests, leaves out what is null, and ends no void element', () => {
    const inner = element('b', { class: null, hidden: true }, 'x', null, ['y', element('br')]);
    expect(markupOf(element('p', { id: 1, open: false }, inner))).toBe('<p id="1"><b hidden>xy<br></b></p>');
  });

  it.each(['</script>', '</STYLE >', '<!-- x', 'a\rb', 'a\0b'])('refuses %j as a script of ours', (text) => {
    expect(() => ownText('script', text)).toThrow('would end its element');
    expect(markupOf(ownText('script', 'a<b && c>d'))).toBe('<script>a<b && c>d</script>');
  });
});

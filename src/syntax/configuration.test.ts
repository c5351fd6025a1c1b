/** Configuration files: settings that count, those that do not, and mistakes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasErrors } from '../text/diagnostic.js';
import { renderDiagnostics } from '../text/render.js';
import { readConfiguration, type Setting } from './configuration.js';

function read(text: string) {
  const { value, diagnostics } = readConfiguration({ name: 'c.cfg', text });
  return { value, said: `\n${renderDiagnostics(diagnostics)}\n` };
}

const plain = (setting: Setting | null): string | null => setting?.value ?? null;

describe('configurations', () => {
  it('say which files belong together', () => {
    const { value, said } = read(
      '# a model\nmacros my.def\nbell = my.bell\nmodel\tmy model.cat \n  variant lkmmv2, fatal\nvariant x\ninclude lib\ninclude lib2\nconf base.cfg\nunroll 3\n\ngraph columns\nedgeattr hb,color,indigo\n',
    );
    expect(said).toBe('\n\n');
    expect(plain(value!.macros)).toBe('my.def');
    expect(plain(value!.bell)).toBe('my.bell');
    expect(plain(value!.model)).toBe('my model.cat');
    expect(value!.variants.map(plain)).toEqual(['lkmmv2', 'fatal', 'x']);
    expect(value!.includes.map(plain)).toEqual(['lib', 'lib2']);
    expect(value!.configurations.map(plain)).toEqual(['base.cfg']);
    expect(value!.unroll).toBe(3);
  });

  it('have places', () => {
    const text = 'bell a.bell\n model =  b.cat\nvariant p,q';
    const { value } = read(text);
    const at = ({ span }: Setting): string => text.slice(span.start, span.end);
    expect([value!.bell!, value!.model!, ...value!.variants].map(at)).toEqual(['a.bell', 'b.cat', 'p', 'q']);
  });

  it('may be empty; the last line counts', () => {
    expect(read('').value).toEqual({
      macros: null,
      bell: null,
      model: null,
      variants: [],
      includes: [],
      configurations: [],
      unroll: null,
    });
    expect(plain(read('model a.cat\ncat b.cat\n').value!.model)).toBe('b.cat');
  });

  it('are warned about where they are not understood', () => {
    const { value, said } = read('mdoel x.cat\nskipchecks hb\nunroll none\r\nmodel y.cat\r\n');
    expect(plain(value!.model)).toBe('y.cat');
    expect(said).toMatchInlineSnapshot(`
      "
      c.cfg:1:1: warning: unknown setting \`mdoel\` [unknown-setting]
       1 | mdoel x.cat
         | ^^^^^
        hint: did you mean \`model\`?
      c.cfg:2:1: warning: \`skipchecks\` is not supported: it is left out of account [unsupported-setting]
       2 | skipchecks hb
         | ^^^^^^^^^^
      "
    `);
  });

  it('are refused where they are no settings', () => {
    const { value, said } = read('model\n  = x\nunroll many\n42 x');
    expect(value).toBeNull();
    expect(said).toMatchInlineSnapshot(`
      "
      c.cfg:1:1: error: \`model\` has no value [missing-value]
       1 | model
         | ^^^^^
      c.cfg:2:3: error: this is no setting [syntax]
       2 |   = x
         |   ^^^
        hint: lines are a key and a value: \`model linux-kernel.cat\`
      c.cfg:3:8: error: \`unroll\` takes a number, not \`many\` [bad-value]
       3 | unroll many
         |        ^^^^
      c.cfg:4:1: error: this is no setting [syntax]
       4 | 42 x
         | ^^^^
        hint: lines are a key and a value: \`model linux-kernel.cat\`
      "
    `);
  });

  it('are read or refused, whatever they say', () => {
    const pieces = [
      'model',
      'bell',
      'x.cat',
      ' ',
      '=',
      '\n',
      '#',
      ',',
      'variant',
      'unroll',
      '7',
      '\r',
      '\t',
      'é',
      'toString',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 20 }), (parts) => {
        const text = parts.join('');
        const { value, diagnostics } = readConfiguration({ name: 'c.cfg', text });
        expect(value === null).toBe(hasErrors(diagnostics));
        for (const { span } of diagnostics) expect(text.slice(span!.start, span!.end).trim()).not.toBe('');
      }),
      { numRuns: 1000, seed: 8 },
    );
  });
});

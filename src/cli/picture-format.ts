/** Comma-separated options of pictures. */
import { OptionError } from './options.js';

const formats = ['text', 'svg', 'dot'] as const;

export type PictureFormat = (typeof formats)[number];

export function readNames(text: string): readonly string[] {
  return text.split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim()]));
}

export function readFormats(text: string): readonly PictureFormat[] {
  return readNames(text).map((word) => {
    const format = formats.find((each) => each === word);
    if (format !== undefined) return format;
    throw new OptionError(`--format must be some of ${formats.join(', ')}, not ${JSON.stringify(word)}`);
  });
}

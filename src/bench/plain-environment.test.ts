/** What is left out of the environment of timed processes. */
import { describe, expect, it } from 'vitest';
import { leftOut, plainEnvironment } from './plain-environment.js';

describe('the environment of timed processes', () => {
  it('has no certificates for Node to read, and all the rest', () => {
    const environment = { PATH: '/bin', NODE_EXTRA_CA_CERTS: '/certificates', NODE_OPTIONS: '' };
    expect(plainEnvironment(environment)).toEqual({ PATH: '/bin', NODE_OPTIONS: '' });
    expect(leftOut(environment)).toEqual(['NODE_EXTRA_CA_CERTS']);
  });

  it('leaves out nothing that is not set', () => {
    expect(leftOut({ PATH: '/bin', NODE_EXTRA_CA_CERTS: '' })).toEqual([]);
  });
});

/** The version that the package carries. */
export { version } from '../../package.json';

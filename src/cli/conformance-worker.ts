/** The script of a worker thread of `npm run conformance`. */
import { serveJobs } from '../io/worker-pool.js';
import { conformanceRunner } from './conformance-job.js';

serveJobs(conformanceRunner);

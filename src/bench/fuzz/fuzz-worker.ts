/** The script of a worker thread of `npm run fuzz`. */
import { serveJobs } from '../../io/worker-pool.js';
import { fuzzRunner } from './job.js';

serveJobs(fuzzRunner);

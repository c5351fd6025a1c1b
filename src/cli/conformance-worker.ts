/** The script of a worker thread of `npm run conformance`. */
import { serveJobs } from '../io/worker-pool.js';
import { runConformanceJob } from './conformance-job.js';

serveJobs(runConformanceJob);

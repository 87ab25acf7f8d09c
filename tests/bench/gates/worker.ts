import { parentPort } from 'node:worker_threads';
import { type Job, runJob } from './job.ts';

/** A thread that does one job after the other. */
parentPort?.on('message', (job: Job) => parentPort?.postMessage(runJob(job)));

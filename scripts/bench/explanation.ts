/** What the figures mean; the lower half of docs/benchmarks.md. */
export const EXPLANATION = `## What is measured

**Task start.** A built task is copied to a folder of its own and started with the environment an agent makes for it: real
inputs, a service connection with a secret, the files of the sample. The time runs from the start of the process until a
TLS server on this machine has its first request. It is divided by the time of \`node -e 0\` from start to exit, measured
in the same rounds; both are medians.

**Log.** A job prints 300 lines with the time at uneven intervals; the delay runs until the line comes out of TrainModel.
Bytes are counted in the task's own HTTP client, after TLS, for the log file alone; status polls are not among them. The
same code is then trained with again, and what is put into storage under the code's name is counted.

**Upload.** The tasks' own code and the plain library send the same files to the same Azurite, each in a process of its
own, in turn, and each to an empty one, since Azurite slows down with every blob it keeps. The library gets the same block size and concurrency (\`uploadFile\` for the large file, \`uploadData\` for the
small ones). Rates are compared by the best of each; hashing is not in the rate and has its own line. Memory is the
largest the process has been, hashing included.

**Embedded workspace.** From the start of the process until any answer comes over HTTPS from its control plane, and then
from its storage. At a first start certificates are made as well. These times are absolute and the best of several.

**The embedded workspace under load.** A client in a process of its own asks for one model version over eight connections, each
again as soon as it is answered. Memory is what is resident in the workspace's own process, without storage, a few
seconds after the last request; the jobs of the history are Spark jobs, which are accepted and over at once.

**A release.** A definition of 20 stages, each behind 5 gates that turn green at their 15th sample, runs on the clock that
leaps over waiting. Every sample is an HTTP request to a server on this machine; record and state are kept on disk as always.

**A warm npm start.** With everything installed, built and cached: the whole run by the clock, less the script steps
(run.json), less the training process (from the making of its log to the last line it printed; what Python does after
that counts as ours), and less score.py in its inference servers (from \`Started\` to \`Ready\` of each deployment). What is
left is the command itself, the workspace, the four tasks, sending and fetching files, and waiting between them.
`;

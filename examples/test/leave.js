'use strict';
// Leaving, in each way: the process must end by itself, with the status of that way.
//
//     node leave.js close|exit|throw|unused [MILLISECONDS]
const { Node } = require ('../node/zgossip');

const nodes = Array.from ({ length: 8 }, (_, number) => new Node (`node${number}`));
const ways = {
    close: () => nodes.forEach (node => node.close ()),
    exit: () => process.exit (3),
    throw: () => { throw new Error ('on purpose'); },
};
if (process.argv [2] !== 'unused') {
    // More than the pool has threads: all of them wait, and files can still be read.
    const waits = nodes.map (node => node.next ());
    Promise.all (waits).then (events => console.log (events.every (event => event === undefined)));
    require ('fs').readFile (__filename, () => setTimeout (ways [process.argv [2]], process.argv [3] || 50));
}

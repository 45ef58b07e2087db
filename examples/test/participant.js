'use strict';
// A participant in JavaScript: see examples/run.
//
//     node participant.js ENDPOINT NAME PEER ...
const assert = require ('assert');
const { Node } = require ('../node/zgossip');

function tuplesOf (name) {
    const tuples = new Map ();
    for (let number = 0; number < 10; number++)
        tuples.set (`${name}/${number}`, Buffer.from (`${name} says ${number}`));
    tuples.set (`${name}/bytes`, Buffer.from ([0xff, 0xfe, 0x80]));
    tuples.set (`${name}/empty`, Buffer.from (''));
    tuples.set (`${name}/large`, Buffer.from ('x'.repeat (100000)));
    return tuples;
}

// Everything was told as an event; the node must say the same when it is asked.
function checkHeld (node, everything) {
    const held = node.tuples ();
    for (const [key, value] of everything) {
        assert (node.getBytes (key).equals (value), key);
        assert.equal (held.get (key), value.toString ());
    }
    assert.equal (node.get ('nobody'), undefined);
    assert (node.size >= everything.size);
}

function checkErrors () {
    const node = new Node ('errors');
    assert.throws (() => node.bind ('nonsense'), { code: 'REFUSED' });
    assert.throws (() => node.publish ('k'.repeat (256), 'v'), { code: 'BAD_ARGUMENT' });
    assert.throws (() => node.publish ('k', 'v\0'), { code: 'BAD_ARGUMENT' });
    node.close ();
    assert.throws (() => node.size, { code: 'ENDED' });
}

async function participate (endpoint, name, everything) {
    const node = new Node (name);
    node.connect (endpoint);
    for (const [key, value] of tuplesOf (name))
        node.publish (key, value);
    const missing = new Map (everything);
    let joined = false, ready = false;
    for await (const event of node) {
        joined ||= event.type === 'joined';
        if (missing.get (event.key)?.equals (event.bytes))
            missing.delete (event.key);
        if (joined && !missing.size && !ready) {
            ready = true;
            checkHeld (node, everything);
            node.publish (`${name}/state`, 'ready');
        }
        if (event.key === `hub/for/${name}` && event.value === 'go')
            node.publish (`${name}/state`, 'changed');
        if (event.key === `hub/for/${name}` && event.value === 'bye')
            break;
    }
    node.close ();
    console.log (name, 'left');
}

const [endpoint, name, ...peers] = process.argv.slice (2);
checkErrors ();
const everything = new Map (['hub', name, ...peers].flatMap (each => [...tuplesOf (each)]));
participate (endpoint, name, everything);

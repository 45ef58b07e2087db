// Join a network, publish a tuple, watch what changes, leave on Ctrl-C.
//
//     node watch.js tcp://127.0.0.1:5670 key value
const { Node } = require ('./zgossip');

async function main (endpoint, key, value) {
    const node = new Node ('watch');
    process.on ('SIGINT', () => node.close ());
    node.connect (endpoint);
    node.publish (key, value);
    for await (const event of node)
        if (event.type === 'tuple')
            console.log (event.key, '=', event.value);
}

main (...process.argv.slice (2));

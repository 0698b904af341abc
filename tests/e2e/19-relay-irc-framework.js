// Two clients of irc-framework and what they make of the relay's lines.
// node 19-relay-irc-framework.js FOLDER-WITH-node_modules PORT
'use strict';

const assert = require('assert');
const path = require('path');
const { createRequire } = require('module');

const [folder, port] = process.argv.slice(2);
const IRC = createRequire(path.join(path.resolve(folder), 'x.js'))('irc-framework');
const DEADLINE_MS = 60000;

// The first event of that name that fits, from now on.
function next(client, name, fits = () => true) {
    return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
            client.removeListener(name, listener);
            reject(new Error(`${client.user.nick}: no "${name}"`));
        }, DEADLINE_MS);
        const listener = (event) => {
            if (fits(event || {})) {
                clearTimeout(timer);
                client.removeListener(name, listener);
                resolve(event);
            }
        };
        client.on(name, listener);
    });
}

async function connect(nick) {
    const client = new IRC.Client({
        host: '127.0.0.1', port: Number(port), nick, username: nick, gecos: `${nick} the cat`,
        auto_reconnect: false, enable_echomessage: true, enable_setname: true, enable_chghost: true,
    });
    client.requestCap(['labeled-response', 'batch', 'message-tags', 'extended-monitor']);
    const welcome = [next(client, 'registered'), next(client, 'motd')];
    client.connect();
    await Promise.all(welcome);
    return client;
}

async function join(client, channel) {
    const list = next(client, 'userlist', (e) => e.channel === channel);
    client.join(channel);
    return list;
}

const tests = {
    async welcome_and_tokens(ana) {
        const options = ana.network.options;
        assert.equal(ana.network.server, 'ronron.party');
        assert.equal(Buffer.from(ana.network.name, 'latin1').toString('utf8'), 'Fête = 1');
        assert.equal(options.CASEMAPPING, 'ascii');
        assert.deepEqual(options.CHANMODES.slice(0, 2), ['beI', 'k']);
        assert.match(options.CHANMODES[3], /^C?.*imnq?st$/);
        assert.ok(options.PREFIX.some((p) => p.symbol === '@' && p.mode === 'o'));
        for (const cap of ['batch', 'echo-message', 'labeled-response', 'message-tags', 'server-time',
            'away-notify', 'extended-join', 'multi-prefix', 'setname', 'invite-notify']) {
            assert.ok(ana.network.cap.isEnabled(cap), cap);
        }
    },

    async joining_and_names(ana, leo) {
        const first = await join(ana, '#cats');
        assert.deepEqual(first.users.map((u) => [u.nick, u.modes]), [['ana', ['o']]]);
        const seen = next(ana, 'join', (e) => e.nick === 'leo');
        await join(leo, '#cats');
        const event = await seen;
        assert.equal(event.gecos, 'leo the cat');
        assert.equal(event.account, false);
    },

    async talk_with_echo_ids_and_tags(ana, leo) {
        const echo = next(ana, 'privmsg', (e) => e.nick === 'ana');
        const heard = next(leo, 'privmsg', (e) => e.nick === 'ana');
        ana.say('#cats', 'bonjour é', { '+draft/reply': 'a b;c' });
        const [mine, theirs] = [await echo, await heard];
        assert.equal(theirs.message, 'bonjour é');
        assert.equal(theirs.target, '#cats');
        assert.equal(theirs.tags['+draft/reply'], 'a b;c');
        assert.ok(theirs.tags.msgid);
        assert.equal(mine.tags.msgid, theirs.tags.msgid);
        assert.equal(mine.time, theirs.time);
        const action = next(leo, 'action');
        ana.action('#cats', 'waves');
        assert.equal((await action).message, 'waves');
        const notice = next(leo, 'notice');
        ana.notice('leo', 'psst');
        assert.equal((await notice).message, 'psst');
    },

    async tagmsg(ana, leo) {
        const typing = next(leo, 'tagmsg');
        ana.tagmsg('#cats', { '+typing': 'active' });
        const event = await typing;
        assert.equal(event.tags['+typing'], 'active');
        assert.equal(event.target, '#cats');
    },

    async labels_and_batches(ana) {
        const labelled = next(ana, 'raw', (e) => e.from_server && /label=w1/.test(e.line));
        const batch = next(ana, 'batch end labeled-response');
        ana.raw('@label=w1 WHO #cats');
        assert.match((await labelled).line, /^@label=w1 :ronron.party BATCH \+\w+ labeled-response\r?\n?$/);
        assert.equal((await batch).commands.length, 3);
        const ack = next(ana, 'raw', (e) => e.from_server && /label=w2/.test(e.line));
        ana.raw('@label=w2 PONG x');
        assert.match((await ack).line, /^@label=w2 :ronron.party ACK/);
        const echo = next(ana, 'raw', (e) => e.from_server && /label=w3/.test(e.line));
        ana.raw('@label=w3 PRIVMSG #cats :labelled');
        assert.match((await echo).line, /^@label=w3;.*:ana!~ana@127.0.0.1 PRIVMSG #cats :labelled/);
    },

    async whois_and_whowas(ana, leo) {
        leo.raw('AWAY', 'tea');
        await next(ana, 'away', (e) => e.nick === 'leo' && e.message === 'tea');
        const whois = await new Promise((resolve) => ana.whois('leo', resolve));
        assert.equal(whois.nick, 'leo');
        assert.equal(whois.ident, '~leo');
        assert.equal(whois.hostname, '127.0.0.1');
        assert.equal(whois.real_name, 'leo the cat');
        assert.equal(whois.away, 'tea');
        assert.match(whois.channels, /#cats/);
        assert.ok(Number(whois.idle) >= 0 && Number(whois.logon) > 1500000000);
        assert.equal(whois.server, 'ronron.party');
        const nobody = await new Promise((resolve) => ana.whois('ghost', resolve));
        assert.equal(nobody.error, 'not_found');
        leo.raw('AWAY');
        await next(ana, 'back', (e) => e.nick === 'leo');
    },

    async who(ana) {
        const who = await new Promise((resolve) => ana.who('#cats', resolve));
        assert.deepEqual(who.users.map((u) => u.nick).sort(), ['ana', 'leo']);
        const me = who.users.find((u) => u.nick === 'ana');
        assert.equal(me.real_name, 'ana the cat');
        assert.equal(me.hostname, '127.0.0.1');
    },

    async monitor(ana) {
        const offline = next(ana, 'users offline', (e) => e.nicks.includes('zoe'));
        ana.addMonitor('zoe');
        await offline;
        const online = next(ana, 'users online', (e) => e.nicks.join().startsWith('zoe'));
        const zoe = await connect('zoe');
        await online;
        const list = next(ana, 'monitorList');
        ana.monitorlist();
        assert.deepEqual((await list).nicks, ['zoe']);
        const gone = next(ana, 'users offline', (e) => e.nicks.includes('zoe'));
        zoe.quit('bye');
        await gone;
    },

    async topic_modes_and_bans(ana, leo) {
        const topic = next(leo, 'topic', (e) => e.channel === '#cats');
        ana.setTopic('#cats', 'all about cats');
        assert.equal((await topic).topic, 'all about cats');
        const mode = next(leo, 'mode', (e) => e.target === '#cats');
        ana.mode('#cats', '+v', 'leo');
        assert.deepEqual((await mode).modes, [{ mode: '+v', param: 'leo' }]);
        ana.ban('#cats', 'spam!*@*');
        await next(leo, 'mode', (e) => e.modes[0].mode === '+b');
        const bans = await new Promise((resolve) => ana.banlist('#cats', resolve));
        assert.equal(bans.bans[0].banned, 'spam!*@*');
        assert.equal(bans.bans[0].banned_by, 'ana');
        const info = next(ana, 'channel info', (e) => e.modes);
        ana.mode('#cats');
        assert.ok((await info).modes.some((m) => m.mode === '+n'));
    },

    async list_of_channels(ana) {
        const list = next(ana, 'channel list');
        ana.list();
        const channels = await list;
        const cats = channels.find((c) => c.channel === '#cats');
        assert.equal(cats.num_users, 2);
        assert.equal(cats.topic, 'all about cats');
    },

    async names_change(ana, leo) {
        const nick = next(ana, 'nick');
        leo.changeNick('leonie');
        assert.equal((await nick).new_nick, 'leonie');
        const real = next(ana, 'user updated');
        leo.raw('SETNAME', 'Leonie');
        assert.equal((await real).new_gecos, 'Leonie');
        const taken = next(leo, 'nick in use');
        leo.changeNick('ana');
        assert.equal((await taken).nick, 'ana');
    },

    async invite_kick_part(ana, leo) {
        await join(ana, '#den');
        const invite = next(leo, 'invite');
        ana.invite('#den', 'leonie');
        assert.equal((await invite).channel, '#den');
        await join(leo, '#den');
        const kick = next(leo, 'kick');
        ana.raw('KICK', '#den', 'leonie', 'enough');
        const event = await kick;
        assert.equal(event.message, 'enough');
        assert.equal(event.kicked, 'leonie');
        const part = next(ana, 'part');
        leo.part('#cats', 'see you');
        assert.equal((await part).message, 'see you');
    },

    async errors_have_their_names(ana, leo) {
        const cases = [
            [() => ana.say('ghost', 'x'), 'no_such_nick', { nick: 'ghost' }],
            [() => ana.part('#party'), 'not_on_channel', { channel: '#party' }],
            [() => leo.say('#cats', 'x'), 'cannot_send_to_channel', { channel: '#cats' }],
            [() => ana.raw('FOO'), 'unknown_command', { command: 'FOO' }],
            [() => ana.raw('KICK', '#cats', 'leonie'), 'user_not_in_channel', {}],
        ];
        for (const [act, name, fields] of cases) {
            const error = Promise.any([next(ana, 'irc error'), next(leo, 'irc error')]);
            act();
            const event = await error;
            assert.equal(event.error, name);
            for (const [key, value] of Object.entries(fields)) {
                assert.equal(event[key], value, name);
            }
        }
    },
};

async function main() {
    const ana = await connect('ana');
    const leo = await connect('leo');
    for (const [name, test] of Object.entries(tests)) {
        console.log('   ', name);
        await test(ana, leo);
    }
    ana.quit('bye');
    leo.quit('bye');
}

main().then(() => process.exit(0), (error) => {
    console.error(error);
    process.exit(1);
});

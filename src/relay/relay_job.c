// Passwords hashed by the worker: handed over, and what comes of it.
#include <string.h>

#include "irc_sasl.h"
#include "mem.h"
#include "net_crypto.h"
#include "relay_account.h"
#include "relay_parts.h"
#include "work.h"

static void destroy(struct relay_job *job)
{
    *job->link = job->next;
    if (job->next) {
        job->next->link = job->link;
    }
    if (job->password) {
        net_wipe(job->password, job->password_len);
        mem_free(job->password);
    }
    mem_free(job);
}

// On the worker's thread: touches nothing but the job.
static void run(void *context)
{
    struct relay_job *job = context;
    struct str password = {job->password, job->password_len};
    if (job->kind == RELAY_JOB_REGISTER) {
        irc_scram_verifier_make(&job->verifier, &relay_crypto, password);
        job->is_good = true;
    } else {
        job->is_good = irc_scram_verifier_check(&job->verifier, &relay_crypto, password);
    }
    net_wipe(job->password, job->password_len);
}

static void prepare(struct relay_job *job, struct str password)
{
    struct buf prepared;
    buf_init(&prepared, BUF_NO_LIMIT);
    (void)irc_saslprep(&prepared, password); // no ceiling
    job->password_len = prepared.len;
    job->password = mem_copy(buf_str(&prepared).data, prepared.len);
    net_wipe(prepared.data, prepared.size);
    buf_deinit(&prepared);
}

static void finish(struct relay *relay, struct relay_client *client, const struct relay_job *job)
{
    if (job->is_good && job->kind != RELAY_JOB_REGISTER) {
        relay_slow_pay(relay, client, RELAY_SLOW_ACCOUNTS, RELAY_SLOW_LOGIN);
    }
    switch (job->kind) {
    case RELAY_JOB_LOGIN:
        relay_job_done_login(relay, client, job);
        break;
    case RELAY_JOB_REGISTER:
        relay_job_done_register(relay, client, job);
        break;
    case RELAY_JOB_OPER:
        relay_job_done_oper(relay, client, job);
        break;
    }
}

static struct relay_job *make_job(struct relay *relay, const struct relay_client *client,
                                  const struct relay_ask *ask)
{
    struct relay_job *job = MEM_NEW(struct relay_job);
    job->kind = ask->kind;
    job->client = client->id;
    job->verifier = *ask->verifier;
    (void)str_copy(job->name, sizeof(job->name), ask->name);       // names of accounts fit
    (void)str_copy(job->label, sizeof(job->label), client->label); // measured when it came
    prepare(job, ask->password);
    job->next = relay->jobs;
    job->link = &relay->jobs;
    if (job->next) {
        job->next->link = &job->next;
    }
    relay->jobs = job;
    return job;
}

bool relay_job_submit(struct relay *relay, struct relay_client *client, const struct relay_ask *ask,
                      const char **why)
{
    if (!relay_slow_may(relay, client, RELAY_SLOW_ACCOUNTS)) {
        *why = "Too many tries from your address, wait a minute";
        return false;
    }
    struct relay_job *job = make_job(relay, client, ask);
    if (!relay->work) {
        run(job);
        finish(relay, client, job);
        destroy(job);
        return true;
    }
    if (!work_submit(relay->work, run, job)) {
        destroy(job);
        *why = "Too many people are logging in, try again in a few seconds";
        return false;
    }
    client->is_held = true;
    client->label = (struct str){0}; // the job's answer carries it
    net_loop_want_read(relay->loop, client, false);
    return true;
}

static struct relay_client *find_by_id(const struct relay *relay, uint64_t id)
{
    for (size_t i = 0; i < relay->client_count; i++) {
        if (relay->clients[i]->id == id) {
            return relay->clients[i];
        }
    }
    return NULL;
}

void relay_jobs_turn(struct relay *relay)
{
    void *context;
    while (relay->work && work_next_done(relay->work, &context)) {
        struct relay_job *job = context;
        struct relay_client *client = find_by_id(relay, job->client);
        if (client && !client->is_gone) {
            client->is_held = false;
            if (!client->is_registered) {
                client->connected_ms = relay->now_ms; // a new limit for registration
            }
            if (job->label[0]) {
                relay_label_begin(client, str_from(job->label));
            }
            finish(relay, client, job);
            if (client->label.len) {
                relay_label_end(relay, client);
            }
            relay_client_resume(relay, client);
        }
        destroy(job);
    }
}

void relay_jobs_deinit(struct relay *relay)
{
    while (relay->jobs) {
        destroy(relay->jobs);
    }
}

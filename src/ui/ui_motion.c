#include <math.h>

#include "mem.h"
#include "ui_draw.h"
#include "ui_internal.h"

#define REDUCED_MS 90

struct ui_state *ui_state_of(struct ui *ui, ui_id id, int slot, bool *is_new)
{
    struct {
        ui_id id;
        int64_t slot;
    } key = {id, slot};
    struct str bytes = {(const char *)&key, sizeof key};
    struct ui_state *state = map_get(&ui->states, bytes);
    // Something that was away for a while begins anew when it is back.
    *is_new = !state || state->pass + 8 < ui->pass_no;
    if (!state) {
        state = MEM_NEW(struct ui_state);
        map_put(&ui->states, bytes, state);
    } else if (*is_new) {
        *state = (struct ui_state){0};
    }
    state->pass = ui->pass_no;
    return state;
}

void ui_states_sweep(struct ui *ui, bool drop_all)
{
    // The table must not change while it is walked: collect, then drop.
    struct str *keys = mem_alloc_array(ui->states.count + 1, sizeof *keys);
    size_t count = 0, cursor = 0;
    struct str key;
    void *value;
    while (map_next(&ui->states, &cursor, &key, &value)) {
        const struct ui_state *state = value;
        if (drop_all || state->pass + 64 < ui->pass_no) {
            keys[count++] = key;
        }
    }
    for (size_t i = 0; i < count; i++) {
        mem_free(map_remove(&ui->states, keys[i]));
    }
    mem_free(keys);
}

static float cubic_out(float t)
{
    float left = 1 - t;
    return 1 - left * left * left;
}

float ui_ease(struct ui *ui, ui_id id, int slot, float target, float duration_ms)
{
    bool is_new;
    struct ui_state *state = ui_state_of(ui, id, slot, &is_new);
    if (is_new) {
        state->from = state->target = state->value = target;
    }
    if (state->target != target) {
        state->from = state->value;
        state->target = target;
        state->start_ms = ui->now_ms;
    }
    duration_ms = ui->is_reduced ? fminf(duration_ms, REDUCED_MS) : duration_ms;
    float t = (float)(ui->now_ms - state->start_ms) / fmaxf(duration_ms, 1);
    if (t >= 1 || state->value == target) {
        state->value = target;
        return target;
    }
    state->value = state->from + (target - state->from) * cubic_out(fmaxf(t, 0));
    ui_keep_moving(ui);
    return state->value;
}

float ui_spring(struct ui *ui, ui_id id, int slot, float target)
{
    const float stiffness = 420, damping = 30; // per second; settles in about 0.3 s with one swing
    bool is_new;
    struct ui_state *state = ui_state_of(ui, id, slot, &is_new);
    if (is_new || ui->is_reduced) {
        *state = (struct ui_state){.pass = ui->pass_no, .value = target, .start_ms = ui->now_ms};
        return target;
    }
    float left_s = (float)(ui->now_ms - state->start_ms) / 1000;
    left_s = fminf(fmaxf(left_s, 0), 0.05f);
    state->start_ms = ui->now_ms;
    while (left_s > 0) {
        float step_s = fminf(left_s, 0.004f);
        state->velocity +=
            ((target - state->value) * stiffness - state->velocity * damping) * step_s;
        state->value += state->velocity * step_s;
        left_s -= step_s;
    }
    if (fabsf(target - state->value) < 0.005f && fabsf(state->velocity) < 0.05f) {
        state->value = target;
        state->velocity = 0;
    } else {
        ui_keep_moving(ui);
    }
    return state->value;
}

float ui_appear(struct ui *ui, ui_id id, float duration_ms)
{
    bool is_new;
    struct ui_state *state = ui_state_of(ui, id, -1, &is_new);
    if (is_new) {
        state->start_ms = ui->now_ms;
    }
    if (ui->is_reduced) {
        return 1;
    }
    float t = (float)(ui->now_ms - state->start_ms) / fmaxf(duration_ms, 1);
    if (t >= 1) {
        return 1;
    }
    ui_keep_moving(ui);
    return cubic_out(fmaxf(t, 0));
}

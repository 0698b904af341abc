// The window's state, for the files of this room.
#ifndef PLAT_INTERNAL_H
#define PLAT_INTERNAL_H

#include <SDL.h>

#include "plat.h"

#define PLAT_CURSORS 8 // room for every ui_cursor
#define PLAT_FINGERS 16

// How the canvas reaches the screen.
enum plat_way {
    PLAT_SURFACE, // the canvas is the window surface
    PLAT_CONVERT, // a buffer of ours, converted into a window surface of another format
    PLAT_TEXTURE, // a buffer of ours through a streaming texture
};

struct plat {
    SDL_Window *window; // owned
    enum plat_way way;
    SDL_Renderer *renderer; // owned; TEXTURE
    SDL_Texture *texture;   // owned; TEXTURE
    uint32_t *buffer;       // owned; CONVERT and TEXTURE
    const void *last_pixels;
    int width_px, height_px; // of the canvas as last handed out
    bool is_lost;            // its pixels are no longer there

    SDL_Event event;  // the input's text may point into it
    char *owned_text; // SDL_free; text of the last input
    uint32_t wake_type;
    SDL_atomic_t is_wake_pending;
    int64_t fingers[PLAT_FINGERS]; // ids that touch now
    int finger_count;
    bool is_composing;
    bool is_text_active;
    bool has_focus;
    SDL_Cursor *cursors[PLAT_CURSORS]; // owned, made on first use
};

// Chooses the way; after SDL_Init and the window, before the first surface.
bool plat_canvas_open(struct plat *plat, struct err *err);
void plat_canvas_close(struct plat *plat);
void plat_canvas_repeat(struct plat *plat); // pushes all pixels again
// Drawable pixels of the window.
void plat_pixel_size(const struct plat *plat, int *width_px, int *height_px);
// Window points to drawable pixels.
float plat_pixels_per_point(const struct plat *plat);
// Fills out (zeroed, time set) from plat->event. false: nothing the program cares about.
bool plat_translate(struct plat *plat, struct ui_input *out);

#endif

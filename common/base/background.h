// Long computations that must not be in anybody's way, and get done all the same.
#pragma once

#include "absl/time/time.h"

namespace usher {

// Makes the calling thread stand behind the others of the process with a third of their weight (5
// nicer than the first one, whatever the process was niced to).
void StandBehind();

// How long the calling thread has computed so far.
absl::Duration ComputedByThisThread();

// How long a thread should leave its core alone after something that took so long, of which it
// computed so long, while others took that part of all cores (others_share.h). Not at all where it
// had its core for two thirds of the time and others a fifth of all; for six times as long, up to a
// quarter of a second, where others had its core for half of the time or more, or half of all. The
// scheduler takes a core from a thread in steps of milliseconds, in which all others there wait:
// what counts is how often that happens, of which the thread itself may notice little.
absl::Duration RestAfter(absl::Duration took, absl::Duration computed, double others);

}  // namespace usher

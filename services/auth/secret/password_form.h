// The forms of a password that somebody typed, in memory that is wiped.
#pragma once

#include "common/base/secret.h"

namespace usher::auth {

// NFC: keyboards and systems spell the same password in several ways, and all of them are it. What
// is not UTF-8 stays as it is.
Secret ComposedForm(const Secret& password);

// NFC and case-folded, like text::Fold: what a password is compared by with names and with the list
// of common ones.
Secret FoldedForm(const Secret& password);

}  // namespace usher::auth

#include "common/text/limits.h"

namespace usher::text {
namespace {

Limits& Kept() {
  static Limits kept;
  return kept;
}

}  // namespace

const Limits& TheLimits() { return Kept(); }

void SetLimits(const Limits& limits) { Kept() = limits; }

}  // namespace usher::text

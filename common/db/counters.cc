#include "common/db/counters.h"

namespace usher::db {

Counters& TheCounters() {
  static Counters counters;
  return counters;
}

}  // namespace usher::db

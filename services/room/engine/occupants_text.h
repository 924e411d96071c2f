// Everybody in a room as one text, as the database keeps them.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/room/occupant.h"

namespace usher::room {

// Of each: chr(30), the user ID, then, each behind chr(31), 1 when online and 0 when not, the other
// flags and the state as numbers, the subject where it is not the user, the sub-room and the name.
// The edge lets no control characters into names and IDs. kCountOccupants (engine_sql.h) looks for
// somebody by the beginning of this.
std::string OccupantsText(const std::vector<Occupant>& occupants);

// What OccupantsText made. Anything else is left out.
std::vector<Occupant> OccupantsOf(absl::string_view text);

}  // namespace usher::room

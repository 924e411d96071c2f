// The rights of many people at once, as the tables of rooms have them.
#pragma once

#include <vector>

#include "common/db/param.h"
#include "common/db/rows.h"
#include "services/room/engine/engine_store.h"

namespace usher::room {

// The parameters of kFindRights.
std::vector<db::Param> FindRightsParams(const CompanyId& company, const std::vector<Asked>& asked,
                                        bool only_who_may_not);

// Which of those asked about a row is about; its place is below asked.size().
size_t PlaceOf(const db::Row& row);
// What they may do.
RoomRights EffectiveRightsIn(const db::Row& row, const Person& person);

// Those of the people who may not be in their rooms; `rows` answered FindRightsParams(..., true).
std::vector<Expelled> WhoMayNot(const db::Rows& rows, const std::vector<Asked>& asked);

// Those who have to be allowed to be there.
void AddToBeJudged(const RoomId& room, const std::vector<Occupant>& occupants,
                   std::vector<Asked>* asked);

}  // namespace usher::room

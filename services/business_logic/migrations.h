// The schema history of this service, compiled in from migrations/*.sql.
#pragma once

#include <vector>

#include "common/db/migrator.h"

namespace usher::business_logic {

std::vector<db::Migration> Migrations();

}  // namespace usher::business_logic

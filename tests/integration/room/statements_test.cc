#include "services/room/chat/chat_sql.h"
#include "services/room/engine/engine_sql.h"
#include "services/room/migrations.h"
#include "services/room/room_list_sql.h"
#include "services/room/room_order_sql.h"
#include "services/room/room_sql.h"
#include "services/room/tenant_sql.h"
#include "tests/support/contracts/statement_contract.h"

namespace usher::room {
namespace statements_test {

struct Statements {
  static constexpr char kFolder[] = "services/room";
  static std::vector<db::Migration> Migrations() { return room::Migrations(); }
  static std::vector<const db::Statement*> All() {
    std::vector<const db::Statement*> all(std::begin(sql::kAllOfRooms), std::end(sql::kAllOfRooms));
    all.insert(all.end(), std::begin(sql::kAllOfRoomLists), std::end(sql::kAllOfRoomLists));
    all.insert(all.end(), std::begin(sql::kAllOfRoomOrder), std::end(sql::kAllOfRoomOrder));
    all.insert(all.end(), std::begin(sql::kAllOfTenants), std::end(sql::kAllOfTenants));
    all.insert(all.end(), std::begin(sql::kAllOfChat), std::end(sql::kAllOfChat));
    all.insert(all.end(), std::begin(sql::kAllOfEngines), std::end(sql::kAllOfEngines));
    return all;
  }
  static std::map<std::string, std::string> OfAllCompanies() {
    return {{"find_old_chat", "messages of any company are kept equally long"},
            {"find_gone_chat", "rooms of any company are destroyed"},
            {"find_old_presence", "reports of any company count equally long"},
            {"find_old_commands", "commands of any company are kept equally long"}};
  }
};

}  // namespace statements_test
}  // namespace usher::room

namespace usher {

INSTANTIATE_TYPED_TEST_SUITE_P(Room, StatementContract,
                               ::testing::Types<room::statements_test::Statements>);

}  // namespace usher

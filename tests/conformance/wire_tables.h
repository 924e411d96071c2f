// The published protocol as wire.md tells it, in a form that descriptors can be compared with.
#pragma once

#include <map>
#include <set>
#include <string>

namespace usher {

// Symbol -> definition. Fields: "common.Room.parentId" -> "2 string"; reserved ones:
// "common.Room reserved 5" -> "number"; values: "common.RoomPermission.ADMIN" -> "1"; rpcs:
// "user.UserService.userList" -> "(user.UserListRequest) returns (user.UserListReply)"; messages,
// enums and services -> the file that has them.
using Definitions = std::map<std::string, std::string>;

struct WireContract {
  Definitions packages;  // file -> package
  Definitions messages;
  Definitions fields;
  Definitions reserved;
  Definitions enums;
  Definitions values;
  Definitions services;
  Definitions rpcs;
  Definitions json_paths;  // rpc -> path, service prefix included
};

// Reads the tables. Throws std::runtime_error on any line among them that it does not understand,
// so that nothing of the contract can be overlooked.
WireContract ReadWireTables(const std::string& path);

// The .proto files below a folder, as paths relative to it.
std::set<std::string> ProtoFilesBelow(const std::string& folder);

}  // namespace usher

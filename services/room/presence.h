// Who is in the rooms right now.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/call_context.h"

namespace usher::room {

// Thread-safe.
class Presence {
 public:
  virtual ~Presence() = default;

  // Rooms with nobody in them are left out.
  virtual absl::StatusOr<std::map<RoomId, std::vector<UserId>>> ListOnline(
      const CallContext& call, const CompanyId& company, const std::vector<RoomId>& rooms) = 0;
  virtual absl::StatusOr<size_t> CountOnline(const CallContext& call, const CompanyId& company,
                                             const RoomId& room) = 0;
};

// As long as no media engine reports anybody: docs/status.md.
class NobodyOnline final : public Presence {
 public:
  absl::StatusOr<std::map<RoomId, std::vector<UserId>>> ListOnline(
      const CallContext&, const CompanyId&, const std::vector<RoomId>&) override {
    return std::map<RoomId, std::vector<UserId>>();
  }
  absl::StatusOr<size_t> CountOnline(const CallContext&, const CompanyId&, const RoomId&) override {
    return 0;
  }
};

}  // namespace usher::room

// Who is in the rooms of one company at a LiveKit server, and what has to be done about them.
#pragma once

#include <deploy/engines/livekit/livekit_protocol.pb.h>
#include <usher/engine/v1/engine.pb.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "deploy/engines/livekit/put_out_memory.h"
#include "deploy/engines/livekit/visitor.h"

namespace usher::livekit {

// Something to tell LiveKit.
struct Act {
  enum class Kind { kAdmit, kRemove, kDelete };
  Kind kind;
  std::string room;
  std::string identity;         // not for kDelete
  wire::Permission permission;  // for kAdmit
  absl::string_view why;        // for the log; a literal
};

// Nobody is in a room to usher, and may do anything there, before usher has said that they may:
// whoever comes waits to be judged. For one thread at a time; does nothing but remember.
class Attendance {
 public:
  using Question = ::usher::engine::v1::FindRightsRequest;
  using Rights = ::usher::engine::v1::FindRightsReply;
  using RoomReport = ::usher::engine::v1::RoomReport;

  static constexpr int kMostRooms = 1000;  // in one question
  static constexpr int kMostPeople = 10000;

  // Rooms of ours are called by their IDs. What else is open at a server is nobody's here.
  static bool IsRoomId(const std::string& room);

  explicit Attendance(std::string company) : company_(std::move(company)) {}

  // --- What LiveKit tells.

  void Came(const std::string& room, const wire::Participant& participant);
  void Left(const std::string& room, const std::string& identity, const std::string& sid);
  void Opened(const std::string& room);
  void Finished(const std::string& room);
  bool IsOpen(const std::string& room) const { return rooms_.count(room) > 0; }
  // Everybody who is in the room. `settled`: they were there before this adapter, and take no place
  // from anybody.
  void SetRoom(const std::string& room, const std::vector<wire::Participant>& participants,
               bool settled);
  // Rooms that are not among these are not open.
  void KeepOnly(const std::set<std::string>& rooms);

  // --- What usher tells.

  // `room` empty: all of them.
  std::vector<Act> PutOut(const std::string& room, const std::string& user, absl::Time now);
  // Also of one that is not open, as far as this knows.
  std::vector<Act> Close(const std::string& room);
  // `subject` empty: of all who are in it.
  void RightsChanged(const std::string& room, const std::string& subject);
  // Something may have been missed.
  void JudgeEverybody();

  // --- What is to be done.

  // Who comes with a token that has been taken from them.
  std::vector<Act> Refuse();
  // What usher has to be asked; without rooms: nothing.
  Question Ask() const;
  std::vector<Act> Judge(const Question& asked, const Rights& rights);
  // How it went: it was done; there was nobody to do it to; it has to be tried again.
  void Done(const Act& act);
  void WasGone(const Act& act);
  void Failed(const Act& act);

  // Whether somebody waits to be judged, or to be put out: anywhere; in this room.
  bool HasDue() const { return !due_.empty(); }
  bool HasDueIn(const std::string& room) const { return due_.count(room) > 0; }

  // --- What usher is told.

  // All rooms that usher knows, and who was let in; or those of them that have changed. Forgets
  // that they have.
  std::vector<RoomReport> Report();
  std::vector<RoomReport> ReportChanged();
  // Forgets which they are.
  std::vector<std::string> TakeClosed();
  bool changed() const { return changed_; }
  // All of it, since a report did not get there.
  void ReportAgain() { changed_ = true; }

  void Forget(absl::Time now) { memory_.Forget(now); }
  size_t rooms() const { return rooms_.size(); }
  size_t people() const;

 private:
  struct Place {
    std::string sid;
    Visitor visitor;
    bool active = false;  // sound and pictures can pass
    wire::Permission has;
    bool pending = false;   // is being admitted: takes a place
    bool admitted = false;  // and so is shown as well
    bool watches = false;   // and takes a place of those who do
    bool settled = false;
    bool to_judge = true;
  };
  struct Room {
    bool known = false;    // to usher
    bool changed = false;  // for usher
    std::map<std::string, Place> places;
    std::set<std::string> strangers;  // came with no token of this company
  };
  using Rooms = std::map<std::string, Room>;
  using RoomRights = ::usher::engine::v1::RoomRights;

  // Usher is to hear of the room again, if `does_matter`.
  void NoteChange(Room& room, bool does_matter);
  std::vector<RoomReport> ReportIf(bool changed_alone);
  Place* FindPlace(const std::string& room, const std::string& identity);
  void SetPlace(const std::string& room, const wire::Participant& participant, bool settled);
  void ErasePlace(const std::string& room, const std::string& identity);
  void EraseRoom(Rooms::iterator room);
  // Of one that usher knows.
  void JudgeRoom(const ::usher::engine::v1::RoomQuestion& asked, const RoomRights& rights,
                 std::vector<Act>* acts);
  void JudgePlace(const std::string& room_id, Place& place, const RoomRights& rights,
                  std::vector<Act>* acts);

  const std::string company_;
  Rooms rooms_;
  std::set<std::string> due_;  // rooms with something to ask or to judge
  PutOutMemory memory_;
  std::set<std::string> closed_;  // that usher knew, and that have not been opened again
  bool changed_ = false;          // some room, or which there are
};

}  // namespace usher::livekit

// Takes groups in with two threads: while one group is being committed, the next is decoded and planned.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "backend/ingest/delivery.hpp"

namespace v2x::ingest {

/// Belongs to the ingest's thread, and owns the thread that commits. Answers keep the order of the groups; when one
/// could not be stored, the one planned on top of it isn't stored either: both are answered Busy.
class Pipeline {
 public:
  /// `committed` is called on the committing thread when answer() has something to do.
  Pipeline(Delivery& delivery, std::function<void()> committed);
  /// Answers what is still being committed.
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  /// Plans a group, waits for the one before, and lets this one be committed.
  void take(std::vector<PeerFrame> frames);
  /// Answers the group that has been committed, if there is one.
  void answer();

 private:
  enum class Stage { free, committing, committed, stopping };

  void run();
  void start(std::unique_ptr<Group> group);
  /// Waits for the group that is being committed; it is nobody's then. Null when there is none.
  std::unique_ptr<Group> take_committed();

  Delivery& delivery_;
  const std::function<void()> committed_;
  std::unique_ptr<Group> group_;  ///< in stage `committing` the committing thread reads it
  Status stored_ = done();        ///< in stage `committing` the committing thread writes it
  std::atomic<Stage> stage_{Stage::free};
  std::thread thread_;
};

}  // namespace v2x::ingest

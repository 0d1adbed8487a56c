// Generated from openapi.json by `make protocol`. Do not edit.

export interface components {
    schemas: {
        /** @description How far listeners agree, as intraclass correlations; null where the ratings cannot tell. */
        Agreement: {
            /**
             * Format: double
             * @description ICC(2,1): of one rating.
             */
            icc_single: number | null;
            /**
             * Format: double
             * @description ICC(2,k): of the mean of a phrase's ratings.
             */
            icc_average: number | null;
            /** Format: double */
            ratings_each: number;
            n_ratings: number;
            n_listeners: number;
            n_individuals: number;
            method: string;
        };
        /** @description Something that a host should look at, and what can be done. */
        Alert: {
            kind: components["schemas"]["AlertKindEnum"];
            text: string;
            advice: string;
            /** @description The number of the one that it is about. */
            listener: number | null;
        };
        /**
         * @description * `most_click` - most_click
         *     * `too_few` - too_few
         *     * `out_of_reach` - out_of_reach
         *     * `stalled` - stalled
         *     * `clicker` - clicker
         * @enum {string}
         */
        AlertKindEnum: "most_click" | "too_few" | "out_of_reach" | "stalled" | "clicker";
        ArtefactRequest: {
            /** Format: uuid */
            lease: string;
            facts?: unknown;
            /** Format: binary */
            file: string;
        };
        /** @description A population that grew from a phrase of this one. */
        Branch: {
            id: number;
            name: string;
            individual: components["schemas"]["PhraseName"] | null;
        };
        /** @description Where a branch grew from; the phrase is null once it is deleted. */
        BranchedFrom: {
            population: components["schemas"]["PopulationName"];
            individual: components["schemas"]["PhraseName"] | null;
        };
        BreedingSettings: {
            size: number;
            parents: number;
            elites: number;
            mutations: number;
            /** Format: double */
            mutation_probability: number;
            crossover: string;
            /** Format: double */
            caution: number;
            selection: string;
            adaptive: boolean;
            /** Format: double */
            fresh_blood: number;
            /** Format: double */
            minimum_distance: number;
            surplus: number;
            taste: boolean;
            exploratory: number;
            selecting: boolean;
            method: string;
            taste_prior: boolean;
            taste_likelihood: boolean;
            islands: number;
            /** Format: double */
            migration: number;
        };
        /** @description What the taste predicted against what the crowd gave. */
        Calibration: {
            /** @description Phrases that were predicted and then heard. */
            n: number;
            /** Format: double */
            correlation: number | null;
            /**
             * Format: double
             * @description Of given on predicted; 1 is right.
             */
            slope: number | null;
            /**
             * Format: double
             * @description Share within the predicted 95 %.
             */
            coverage: number | null;
        };
        ChangedPhrase: {
            id: number;
            index: number;
        };
        Checkpoint: {
            readonly id: number;
            readonly epoch: number;
            /** Format: double */
            readonly loss: number;
            /** Format: double */
            readonly held_out_loss: number | null;
            readonly n_bytes: number;
            readonly report: components["schemas"]["CheckpointReport"] | null;
            /** Format: date-time */
            readonly created_at: string;
        };
        /** @description Whether there is a report on a checkpoint. */
        CheckpointReport: {
            readonly state: components["schemas"]["ReportState"];
            readonly reason: string;
        };
        CheckpointRun: {
            readonly id: number;
            readonly name: string;
            readonly preset: string;
            /** @description What its network's tokens are: `classic`, chords by name, or `expressive`, notes with all that is played. */
            readonly codec: string;
            /** @description Whether its network fills a bar between its neighbours: such a one cannot play by itself. */
            readonly is_rewriting: boolean;
        };
        Claim: {
            job: number;
            kind: string;
            /**
             * Format: uuid
             * @description Name it in every report on this job.
             */
            lease: string;
            /** @description Without a report for so long, the job is offered to others. */
            lease_seconds: number;
            /** @description From 1. There may be an artefact to go on from, at any attempt. */
            attempt: number;
            specification: {
                [key: string]: unknown;
            };
            has_archive: boolean;
        };
        /** @description A population to be made like another one. */
        CloneInputRequest: {
            /** @default  */
            name?: string;
            /**
             * @description Which of its phrases are taken along: none, those of its first, or of its newest generation.
             *
             *     * `none` - none
             *     * `first` - first
             *     * `newest` - newest
             * @default none
             */
            phrases?: components["schemas"]["PhrasesEnum"];
        };
        /** @description What a clone was made from. */
        ClonedFrom: {
            population: components["schemas"]["PopulationName"];
            /** @description Whose phrases it began with; null: none. */
            generation: number | null;
        };
        /**
         * @description * `quorum` - Quorum
         *     * `certainty` - Certainty
         *     * `time` - Time
         * @enum {string}
         */
        ClosingEnum: "quorum" | "certainty" | "time";
        /** @description What of the newest generation descends from what this listener liked: rated 3 or more. Names nobody else. */
        Credit: {
            /** @description From 0. */
            generation: number;
            /** @description Phrases in it. */
            size: number;
            /** @description Phrases of earlier generations that they liked. */
            liked: number;
            /**
             * Format: double
             * @description Of the ancestry of all its phrases together, 0-1.
             */
            share: number;
            descendants: components["schemas"]["Descendant"][];
        };
        /**
         * @description * `cut at bar` - cut at bar
         *     * `cut at slot` - cut at slot
         *     * `mix bars` - mix bars
         *     * `cross layers` - cross layers
         *     * `cross playing` - cross playing
         *     * `adaptive` - adaptive
         * @enum {string}
         */
        CrossoverEnum: "cut at bar" | "cut at slot" | "mix bars" | "cross layers" | "cross playing" | "adaptive";
        /** @description A room while it is rated. It names 60 listeners at the most; the others are told of as one. */
        Dashboard: {
            /**
             * Format: date-time
             * @description The server's clock.
             */
            now: string;
            rule: components["schemas"]["Rule"];
            /** @description That is open. */
            generation: number | null;
            phrases: components["schemas"]["PhraseSoFar"][];
            listeners: components["schemas"]["ListenerSoFar"][];
            /** @description Who have answered in this generation or are here. */
            n_listeners: number;
            n_here: number;
            /** @description Ratings of each of the last 30 minutes, the newest last. */
            pace: number[];
            /** Format: date-time */
            last_answer_at: string | null;
            /**
             * Format: double
             * @description ICC(2,1) of the open generation's ratings.
             */
            agreement: number | null;
            /**
             * Format: double
             * @description Of choosing parents now, in rating points.
             */
            expected_error: number | null;
            alerts: components["schemas"]["Alert"][];
        };
        /** @description A dataset from `selectors.datasets_with_counts`. */
        Dataset: {
            readonly id: number;
            readonly name: string;
            readonly description: string;
            readonly licence: string;
            readonly attribution: string;
            readonly is_starter: boolean;
            /** Format: date-time */
            readonly created_at: string;
            readonly files: components["schemas"]["FileCounts"];
            readonly notes: number;
            /** Format: double */
            readonly seconds: number;
        };
        DatasetInputRequest: {
            name: string;
            description?: string;
            licence?: string;
            attribution?: string;
        };
        /** @description A living phrase that descends from phrases which the listener liked: rated 3 or more. */
        Descendant: {
            /** @description From 1, within the generation. */
            number: number;
            /**
             * Format: double
             * @description The part of its ancestry that goes back to them, 0-1: every parent has an equal part of its child, and the first of them on the way up has all of what reaches it.
             */
            share: number;
            /** @description It is one of them, and lives on. */
            lives_on: boolean;
        };
        /**
         * @description * `grid` - Grid
         *     * `study` - Study
         * @enum {string}
         */
        EncodingEnum: "grid" | "study";
        /** @description The form of every error. */
        Error: {
            /** @description A word that a program can test for. */
            code: string;
            /** @description What was expected, what came, and what to do. */
            message: string;
            /** @description For a form: the messages of each field. */
            fields?: {
                [key: string]: string[];
            };
        };
        /** @description How a population stands with the public gallery. */
        Exhibition: {
            is_shown: boolean;
            allows_midi: boolean;
            /** @description Where everybody finds it, while it is shown. */
            readonly address: string | null;
        };
        /** @description Whether a population is to be in the gallery; what is left out is off. */
        ExhibitionInputRequest: {
            is_shown: boolean;
            /**
             * @description Anybody may take its best phrases away as MIDI.
             * @default false
             */
            allows_midi?: boolean;
        };
        /** @description What more is asked of the open generation: at least one of these. */
        ExtensionInputRequest: {
            quorum?: number;
            /** Format: double */
            wanted_error?: number;
            /** @description In all. */
            minutes?: number;
        };
        /** @description What was read from an accepted file; empty for others. */
        Facts: {
            n_notes?: number;
            n_parts?: number;
            n_bars?: number;
            /** Format: double */
            duration_seconds?: number;
            /** Format: double */
            tempo_bpm?: number;
            meter?: string;
            key?: string;
            /** Format: double */
            polyphony?: number;
            lowest_pitch?: number;
            highest_pitch?: number;
        };
        FailureRequest: {
            /** Format: uuid */
            lease: string;
            reason: string;
            /**
             * @description Trying again will not help.
             * @default false
             */
            is_final?: boolean;
            /**
             * @description The node is being switched off: this attempt does not count.
             * @default false
             */
            is_stopping?: boolean;
        };
        FileCounts: {
            waiting: number;
            accepted: number;
            refused: number;
        };
        /**
         * @description * `waiting` - Waiting
         *     * `accepted` - Accepted
         *     * `refused` - Refused
         * @enum {string}
         */
        FileState: "waiting" | "accepted" | "refused";
        /**
         * @description * `random` - random
         *     * `constant` - constant
         * @enum {string}
         */
        FlagEnum: "random" | "constant";
        Frame: {
            bars: number;
            beats_per_bar: number;
            beat_unit: number;
            notes_per_bar: number;
            key: string;
            scale: string;
            root_octave: number;
            /** Format: double */
            tempo_bpm: number;
            program: number;
        };
        /** @description A listener's credit in a population that is shown. */
        GalleryCredit: {
            /** @description Null for whom nobody knows here. */
            credit: components["schemas"]["Credit"] | null;
        };
        /** @description A generation with its individuals; fitness is a live estimate until it has closed. */
        Generation: {
            number: number;
            size: number;
            is_closed: boolean;
            /** Format: date-time */
            opened_at: string;
            /** Format: date-time */
            closed_at: string | null;
            /** Format: double */
            mean_fitness: number | null;
            /** Format: double */
            best_fitness: number | null;
            /** Format: double */
            best_standard_error: number | null;
            /** Format: double */
            mean_standard_error: number | null;
            ratings: number;
            /**
             * Format: double
             * @description Mean distance between two of its phrases, 0-1.
             */
            diversity: number | null;
            /**
             * Format: double
             * @description Selection error, now or at close.
             */
            readonly expected_error: number | null;
            readonly agreement: components["schemas"]["Agreement"] | null;
            readonly calibration: components["schemas"]["Calibration"] | null;
            /** @description Empty while the crowd is of one taste. */
            readonly islands: components["schemas"]["Island"][];
            /** @description With what was extended of it; null once closed. */
            readonly rule: components["schemas"]["Rule"] | null;
            readonly gains: components["schemas"]["OperatorGain"][];
            readonly individuals: components["schemas"]["Individual"][];
        };
        /** @description A generation in figures; fitness, agreement and calibration once it has closed. */
        GenerationFigures: {
            number: number;
            size: number;
            is_closed: boolean;
            /** Format: date-time */
            opened_at: string;
            /** Format: date-time */
            closed_at: string | null;
            /** Format: double */
            mean_fitness: number | null;
            /** Format: double */
            best_fitness: number | null;
            /** Format: double */
            best_standard_error: number | null;
            /** Format: double */
            mean_standard_error: number | null;
            ratings: number;
            /**
             * Format: double
             * @description Mean distance between two of its phrases, 0-1.
             */
            diversity: number | null;
            /**
             * Format: double
             * @description Expected selection error when it closed.
             */
            readonly expected_error: number | null;
            readonly agreement: components["schemas"]["Agreement"] | null;
            readonly calibration: components["schemas"]["Calibration"] | null;
            /** @description Empty while the crowd is of one taste. */
            readonly islands: components["schemas"]["Island"][];
        };
        HelloRequest: {
            /** @description What the node says of itself: device, versions. */
            facts: {
                [key: string]: unknown;
            };
        };
        Individual: {
            id: number;
            index: number;
            number: number;
            operator: string;
            /** @description The operators that made it, in order. */
            operators: string[];
            /** @description An elite's first life. */
            lives_on_from: components["schemas"]["PhraseName"] | null;
            branches: components["schemas"]["PopulationName"][];
            origin: components["schemas"]["Origin"] | null;
            parents: components["schemas"]["Parent"][];
            /** Format: double */
            fitness: number | null;
            /** Format: double */
            standard_error: number | null;
            n_ratings: number;
            /**
             * Format: double
             * @description Probability to be among the parents.
             */
            p_parent: number | null;
            /**
             * Format: double
             * @description What the taste expected before anybody heard it.
             */
            predicted: number | null;
            /** Format: double */
            predicted_error: number | null;
            /**
             * Format: double
             * @description How surprised the network is by a note, on average.
             */
            nats: number | null;
            /** @description Where it lives, of a crowd that has parted. */
            island: number | null;
            memorisation: components["schemas"]["Memorisation"] | null;
            phrase: components["schemas"]["Phrase"];
        };
        /** @description An island of a crowd that has parted, as its generation closed. */
        Island: {
            /** @description Whose taste is most probably of this island. */
            listeners: number;
            /** @description Phrases that live only there. */
            size: number;
            /**
             * Format: double
             * @description To its listeners, of the phrases they heard.
             */
            mean_fitness: number | null;
            /** Format: double */
            best_fitness: number | null;
            /** @description The best phrase's index in its generation. */
            best_index: number | null;
        };
        Job: {
            readonly id: number;
            readonly kind: components["schemas"]["JobKindEnum"];
            readonly state: components["schemas"]["JobState"];
            readonly payload: unknown;
            readonly progress: unknown;
            readonly reason: string;
            readonly attempts: number;
            /** Format: date-time */
            readonly created_at: string;
            /** Format: date-time */
            readonly started_at: string | null;
            /** Format: date-time */
            readonly finished_at: string | null;
        };
        /**
         * @description * `ingest` - ingest
         *     * `seed` - seed
         *     * `breed` - breed
         *     * `memorise` - memorise
         *     * `train` - train
         *     * `report` - report
         *     * `sample` - sample
         *     * `rewrite` - rewrite
         *     * `likelihood` - likelihood
         *     * `rehearse` - rehearse
         * @enum {string}
         */
        JobKindEnum: "ingest" | "seed" | "breed" | "memorise" | "train" | "report" | "sample" | "rewrite" | "likelihood" | "rehearse";
        /**
         * @description * `queued` - Queued
         *     * `running` - Running
         *     * `done` - Done
         *     * `failed` - Failed
         *     * `cancelled` - Cancelled
         * @enum {string}
         */
        JobState: "queued" | "running" | "done" | "failed" | "cancelled";
        /**
         * @description * `C` - C
         *     * `C#` - C#
         *     * `Db` - Db
         *     * `D` - D
         *     * `D#` - D#
         *     * `Eb` - Eb
         *     * `E` - E
         *     * `F` - F
         *     * `F#` - F#
         *     * `Gb` - Gb
         *     * `G` - G
         *     * `G#` - G#
         *     * `Ab` - Ab
         *     * `A` - A
         *     * `A#` - A#
         *     * `Bb` - Bb
         *     * `B` - B
         * @enum {string}
         */
        KeyEnum: "C" | "C#" | "Db" | "D" | "D#" | "Eb" | "E" | "F" | "F#" | "Gb" | "G" | "G#" | "Ab" | "A" | "A#" | "Bb" | "B";
        /** @description When a training ends at the latest, whichever comes first; what is left out stays as it was. */
        LimitsInputRequest: {
            epochs?: number;
            /**
             * Format: double
             * @description null: no limit.
             */
            max_seconds?: number | null;
        };
        /** @description What one listener's answers change in a generation, by all that has been said until now. */
        ListenerChange: {
            generation: number;
            /**
             * Format: double
             * @description How far the fitness of any phrase moves, in rating points.
             */
            largest: number;
            /**
             * Format: double
             * @description Spearman's, of the fitness with and without them.
             */
            rank_correlation: number;
            /** @description Those that are parents only with what they said. */
            only_with: components["schemas"]["ChangedPhrase"][];
            /** @description Those that are parents only without it. */
            only_without: components["schemas"]["ChangedPhrase"][];
        };
        /** @description A listener, whether their answers count, and what they change, generation by generation. */
        ListenerEffect: {
            number: number;
            is_set_aside: boolean;
            n_ratings: number;
            changes: components["schemas"]["ListenerChange"][];
        };
        /** @description A listener of a room, and what they said of each phrase of the open generation. */
        ListenerSoFar: {
            /** @description Among the population's listeners; null before that. */
            number: number | null;
            name: string;
            is_here: boolean;
            is_simulated: boolean;
            is_set_aside: boolean;
            flag: (components["schemas"]["FlagEnum"] | components["schemas"]["NullEnum"]) | null;
            /** @description Why they are flagged, in words. */
            reason: string;
            /** @description 0 to 5, -1 skipped, null nothing yet. */
            cells: (number | null)[];
        };
        /** @description Who rated a population, and what each of them counts. */
        Listeners: {
            /** @description The one that influence is told of. */
            generation: number | null;
            listeners: components["schemas"]["Voice"][];
        };
        Loss: {
            readonly epoch: number;
            /** Format: double */
            readonly loss: number;
            /** Format: double */
            readonly held_out_loss: number | null;
            /** Format: double */
            readonly seconds: number;
        };
        Me: {
            /** Format: email */
            email: string;
            is_staff: boolean;
        };
        /** @description The longest passage shared with a training piece, in whatever key and tempo. */
        Memorisation: {
            /** @description Different notes of the passage; 0 for none. */
            n_notes: number;
            /** @description The piece that it is shared with. */
            piece: string | null;
            /** @description The first and the last, of the piece, from 1. */
            piece_bars: number[] | null;
            /** @description The first and the last, of the phrase, from 1. */
            bars: number[] | null;
            /** @description The longest passage that as long an excerpt of a training piece shares with the others. */
            people_notes: number;
        };
        /**
         * @description * `generational` - generational
         *     * `steady` - steady
         * @enum {string}
         */
        MethodEnum: "generational" | "steady";
        MidiFile: {
            readonly id: number;
            readonly name: string;
            readonly n_bytes: number;
            readonly state: components["schemas"]["FileState"];
            readonly reason: string;
            readonly facts: components["schemas"]["Facts"];
            readonly licence: string;
            readonly attribution: string;
            readonly source: string;
            /** Format: date-time */
            readonly created_at: string;
        };
        /** @enum {unknown} */
        NullEnum: null;
        /** @description What an operator has brought so far: the children's fitness less their parents' mean. */
        OperatorGain: {
            operator: string;
            births: number;
            /** Format: double */
            gain: number;
            /** Format: double */
            standard_error: number;
            /**
             * Format: double
             * @description How often it is drawn from now on, within its kind.
             */
            share: number | null;
        };
        Ordered: {
            /** @description The job that draws them; samples name it. */
            job: number;
        };
        Origin: {
            run: string;
            sample: number;
        };
        /** @description A checkpoint with the run that it is of. */
        OwnedCheckpoint: {
            readonly id: number;
            readonly run: components["schemas"]["CheckpointRun"];
            readonly epoch: number;
            /** Format: double */
            readonly loss: number;
            /** Format: double */
            readonly held_out_loss: number | null;
            readonly n_bytes: number;
            readonly report: components["schemas"]["CheckpointReport"] | null;
            /** Format: date-time */
            readonly created_at: string;
        };
        /** @description A parent, named as the studio names it. */
        Parent: {
            id: number;
            generation: number;
            index: number;
            number: number;
        };
        PatchedDatasetInputRequest: {
            name?: string;
            description?: string;
            licence?: string;
            attribution?: string;
        };
        /** @description What a host changes of a room; what is left out stays as it is. */
        PatchedRoomSettingsInputRequest: {
            name?: string;
            /** @description Phrases that come again all through the run. */
            has_anchors?: boolean;
            /** @description Hidden repeats of what a listener has rated. */
            has_repeats?: boolean;
            /** @description Pairs of phrases close to the cut. */
            has_duels?: boolean;
            /** @description That a rating may carry: small letters and hyphens. */
            tags?: string[];
            /** @description What listeners agree to; empty for the standard text. Another text is asked of everybody anew. */
            consent_text?: string;
        };
        /** @description By what generations close from now on; what is left out stays as it is. */
        PatchedRuleInputRequest: {
            closing?: components["schemas"]["ClosingEnum"];
            quorum?: number;
            /** Format: double */
            wanted_error?: number;
            /** @description At the most; null for no limit. */
            minutes?: number | null;
        };
        /**
         * @description Music as a page plays and draws it: a stretch of whole bars, its notes in seconds from the beginning.
         *
         *     It documents what `core.phrase` makes; views pass that through as it is, for speed.
         */
        Phrase: {
            notes: components["schemas"]["PhraseNote"][];
            parts: components["schemas"]["PhrasePart"][];
            bends: components["schemas"]["PhraseBend"][];
            /** Format: double */
            tempo_bpm: number;
            beats_per_bar: number;
            bars: number;
            /** Format: double */
            duration_seconds: number;
        };
        PhraseBend: {
            /** Format: double */
            onset_seconds: number;
            part: number;
            /** Format: double */
            cents: number;
        };
        /** @description A phrase, named as the studio names it. */
        PhraseName: {
            id: number;
            generation: number;
            index: number;
            number: number;
        };
        PhraseNote: {
            /** Format: double */
            onset_seconds: number;
            /** Format: double */
            duration_seconds: number;
            pitch: number;
            velocity: number;
            part: number;
        };
        PhrasePart: {
            program: number;
            is_drum: boolean;
        };
        /** @description A phrase of the open generation. */
        PhraseSoFar: {
            id: number;
            number: number;
            /** @description Ratings that count, of all rooms of the population. */
            given: number;
            /** @description Ratings of this room's listeners who are not named. */
            others: number;
            /** Format: double */
            others_mean: number | null;
        };
        /**
         * @description * `none` - none
         *     * `first` - first
         *     * `newest` - newest
         * @enum {string}
         */
        PhrasesEnum: "none" | "first" | "newest";
        Population: {
            id: number;
            name: string;
            readonly frame: components["schemas"]["Frame"];
            readonly settings: components["schemas"]["BreedingSettings"];
            encoding: components["schemas"]["EncodingEnum"];
            is_faithful: boolean;
            quorum: number;
            /** @description Newborns a round of steady breeding; else null. */
            births: number | null;
            closing: components["schemas"]["ClosingEnum"];
            /** Format: double */
            wanted_error: number;
            /** @description Of a generation at the most; null for no limit. */
            minutes: number | null;
            seed: number;
            state: components["schemas"]["PopulationState"];
            reason: string;
            checkpoint: components["schemas"]["SourceCheckpoint"] | null;
            rewriter: components["schemas"]["SourceCheckpoint"] | null;
            readonly branched_from: components["schemas"]["BranchedFrom"] | null;
            readonly branches: components["schemas"]["Branch"][];
            readonly cloned_from: components["schemas"]["ClonedFrom"] | null;
            /** @description Rated by simulated listeners. */
            is_rehearsal: boolean;
            generations: components["schemas"]["GenerationFigures"][];
            rooms: components["schemas"]["PopulationRoom"][];
            /** Format: date-time */
            created_at: string;
        };
        /** @description What the form of a population begins with. */
        PopulationDefaults: {
            bars: number;
            beats_per_bar: number;
            notes_per_bar: number;
            key: string;
            scale: string;
            root_octave: number;
            /** Format: double */
            tempo_bpm: number;
            program: number;
            closing: components["schemas"]["ClosingEnum"];
            quorum: number;
            /** Format: double */
            wanted_error: number;
            /** @description Of generations that close by time alone. */
            minutes: number;
            /**
             * Format: double
             * @description Of a branch.
             */
            fresh_share: number;
        };
        /** @description A population to be made. The frame checks what depends on several fields at once. */
        PopulationInputRequest: {
            /**
             * @description Where settings that are left out come from.
             *
             *     * `ours` - ours
             *     * `study` - study
             * @default ours
             */
            recipe?: components["schemas"]["RecipeEnum"];
            size?: number;
            parents?: number;
            elites?: number;
            mutations?: number;
            /** Format: double */
            mutation_probability?: number;
            crossover?: components["schemas"]["CrossoverEnum"];
            /** Format: double */
            caution?: number;
            selection?: components["schemas"]["SelectionEnum"];
            /** @description Operators are drawn by the gain they brought. */
            adaptive?: boolean;
            /** Format: double */
            fresh_blood?: number;
            /** Format: double */
            minimum_distance?: number;
            surplus?: number;
            /** @description Candidates are screened by what the crowd liked. */
            taste?: boolean;
            exploratory?: number;
            /** @description Off: the control line, parents drawn by lot. */
            selecting?: boolean;
            /**
             * @description Whole generations, or a few newborns a round in place of the least fit.
             *
             *     * `generational` - generational
             *     * `steady` - steady
             */
            method?: components["schemas"]["MethodEnum"];
            /** @description What the taste expects of newcomers is a prior of their fitness. Never a vote. */
            taste_prior?: boolean;
            /** @description The checkpoint's likelihood is a feature of the taste. Costs up to seconds between generations. */
            taste_likelihood?: boolean;
            /** @description The most that several tastes part into. */
            islands?: number;
            /**
             * Format: double
             * @description Pairs with a parent from another island.
             */
            migration?: number;
            encoding?: components["schemas"]["EncodingEnum"];
            /**
             * @description The study's bits with the faults that they had.
             * @default false
             */
            is_faithful?: boolean;
            name: string;
            /** Format: int64 */
            checkpoint?: number | null;
            /**
             * Format: int64
             * @description A checkpoint of a network that re-writes bars.
             */
            rewriter?: number | null;
            /**
             * Format: int64
             * @description Branch: the first generation is this phrase and its children. The frame is its population's.
             */
            from_individual?: number | null;
            /**
             * Format: double
             * @description Of a branch: how much of it is invented anew.
             * @default 0
             */
            fresh_share?: number;
            /** @default 4 */
            bars?: number;
            /** @default 4 */
            beats_per_bar?: number;
            /** @default 8 */
            notes_per_bar?: number;
            /** @default C */
            key?: components["schemas"]["KeyEnum"];
            /** @default major */
            scale?: components["schemas"]["ScaleEnum"];
            /** @default 4 */
            root_octave?: number;
            /**
             * Format: double
             * @default 110
             */
            tempo_bpm?: number;
            /** @default 0 */
            program?: number;
            /** @default 3 */
            quorum?: number;
            /** @description Of steady breeding: how many are born a round. A quarter of the size unless told. */
            births?: number | null;
            /** @default quorum */
            closing?: components["schemas"]["ClosingEnum"];
            /**
             * Format: double
             * @description Closes by certainty here.
             * @default 0.15
             */
            wanted_error?: number;
            /** @description How long a generation is rated at the most, from its first rating on; null for no limit. */
            minutes?: number | null;
            seed?: number | null;
        };
        PopulationLimits: {
            bars_max: number;
            size_min: number;
            size_max: number;
            quorum_max: number;
            /** Format: double */
            tempo_min_bpm: number;
            /** Format: double */
            tempo_max_bpm: number;
            /** Format: double */
            caution_max: number;
            /** Format: double */
            fresh_blood_max: number;
            /** Format: double */
            minimum_distance_max: number;
            surplus_max: number;
            islands_max: number;
            /** Format: double */
            migration_max: number;
            /** Format: double */
            wanted_error_min: number;
            /** Format: double */
            wanted_error_max: number;
            minutes_max: number;
        };
        PopulationName: {
            id: number;
            name: string;
        };
        /** @description What can be chosen for a population. */
        PopulationOptions: {
            keys: string[];
            scales: string[];
            programs: components["schemas"]["Program"][];
            crossovers: string[];
            selections: string[];
            methods: string[];
            recipes: components["schemas"]["Recipe"][];
            limits: components["schemas"]["PopulationLimits"];
            defaults: components["schemas"]["PopulationDefaults"];
        };
        PopulationRoom: {
            code: string;
            name: string;
            state: string;
        };
        /**
         * @description * `seeding` - Seeding
         *     * `ready` - Ready
         *     * `failed` - Failed
         * @enum {string}
         */
        PopulationState: "seeding" | "ready" | "failed";
        Preset: {
            name: string;
            title: string;
            description: string;
            config: {
                [key: string]: unknown;
            };
        };
        /**
         * @description * `quick` - quick
         *     * `studio` - studio
         *     * `bars` - bars
         *     * `paper` - paper
         *     * `paper-bidirectional` - paper-bidirectional
         * @enum {string}
         */
        PresetEnum: "quick" | "studio" | "bars" | "paper" | "paper-bidirectional";
        /** @description Bars of a MIDI file that samples go on from. */
        PrimeInputRequest: {
            /** @description An accepted file of a dataset that I may see. */
            file: number;
            /**
             * @description From 1.
             * @default 1
             */
            first_bar?: number;
            /**
             * @description The last that is heard.
             * @default 2
             */
            last_bar?: number;
        };
        Program: {
            program: number;
            name: string;
        };
        /** @description How far the open generation is. */
        Progress: {
            generation: number;
            size: number;
            /** @description Phrases with enough ratings. */
            complete: number;
            /** @description Ratings that are enough for one phrase. */
            quorum: number;
            /** @description Ratings that count towards the quorum. */
            ratings: number;
            needed: number;
            /**
             * Format: double
             * @description Expected selection error now; null where the quorum closes, or before ratings.
             */
            expected_error: number | null;
            /**
             * Format: double
             * @description At which it closes; null where the quorum does.
             */
            wanted_error: number | null;
            /** @description That it is rated at the most; null for no limit. */
            minutes: number | null;
            /**
             * Format: date-time
             * @description When its time is up; null before its first rating and while no room is open.
             */
            closes_at: string | null;
        };
        ProgressRequest: {
            /** Format: uuid */
            lease: string;
            /** @description Empty: only renew the lease. */
            progress?: {
                [key: string]: unknown;
            };
        };
        /** @description A way to breed, whole: what the fields that are left out become. */
        Recipe: {
            name: string;
            encoding: components["schemas"]["EncodingEnum"];
            settings: components["schemas"]["BreedingSettings"];
        };
        /**
         * @description * `ours` - ours
         *     * `study` - study
         * @enum {string}
         */
        RecipeEnum: "ours" | "study";
        Rehearsal: {
            id: number;
            /** @description Where it takes place. */
            room: string;
            /** @description The clone that is rated there. */
            population: number;
            listeners: number;
            /** Format: double */
            minutes: number;
            /** Format: double */
            pace_seconds: number | null;
            state: components["schemas"]["RehearsalState"];
            reason: string;
            readonly figures: components["schemas"]["RehearsalFigures"] | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            started_at: string | null;
            /** Format: date-time */
            finished_at: string | null;
        };
        /** @description How the listeners of a rehearsal fare. */
        RehearsalFigures: {
            /** Format: double */
            seconds: number;
            listeners: number;
            /** @description With a connection now. */
            here: number;
            /** @description Acknowledged, revisions among them. */
            ratings: number;
            /** Format: double */
            ratings_per_second: number;
            revisions: number;
            skips: number;
            retractions: number;
            duels: number;
            /** @description That opened meanwhile. */
            generations: number;
            connections: number;
            reconnections: number;
            /** @description Messages, by code. */
            refusals: {
                [key: string]: number;
            };
            /** @description Listeners, by why. */
            turned_away: {
                [key: string]: number;
            };
            /**
             * Format: double
             * @description Of the acknowledgement, from the first sending on.
             */
            p50_ms: number | null;
            /** Format: double */
            p95_ms: number | null;
            /** Format: double */
            p99_ms: number | null;
            /** Format: double */
            slowest_ms: number | null;
            /** @description Looked up at the end; null before. */
            kept: components["schemas"]["RehearsalKept"] | null;
        };
        RehearsalInputRequest: {
            /** @default 20 */
            listeners?: number;
            /**
             * Format: double
             * @default 3
             */
            minutes?: number;
            /**
             * Format: double
             * @description Seconds that an answer takes, on average; null: as long as the phrase, and a moment to think.
             * @default 2
             */
            pace_seconds?: number | null;
        };
        /** @description What became of everything that was acknowledged; all are to be 0. */
        RehearsalKept: {
            lost: number;
            doubled: number;
            altered: number;
        };
        /**
         * @description * `waiting` - Waiting
         *     * `running` - Running
         *     * `done` - Done
         *     * `stopped` - Stopped
         *     * `failed` - Failed
         * @enum {string}
         */
        RehearsalState: "waiting" | "running" | "done" | "stopped" | "failed";
        Renewed: {
            /** @description Whether to stop now and report what there is. */
            cancel: boolean;
            lease_seconds: number;
        };
        /**
         * @description * `ordered` - Ordered
         *     * `ready` - Ready
         *     * `failed` - Failed
         * @enum {string}
         */
        ReportState: "ordered" | "ready" | "failed";
        ResultRequest: {
            /** Format: uuid */
            lease: string;
            result: {
                [key: string]: unknown;
            };
        };
        Room: {
            code: string;
            name: string;
            state: components["schemas"]["RoomState"];
            population: components["schemas"]["RoomPopulation"];
            /** Format: uri */
            link: string;
            /** @description Listeners in the room now. */
            here: number;
            /** @description Listeners who have rated here. */
            listeners: number;
            /** @description Ratings given here, over all generations. */
            ratings: number;
            progress: components["schemas"]["Progress"] | null;
            /** @description By which the open generation closes, or the next one. */
            rule: components["schemas"]["Rule"];
            has_anchors: boolean;
            has_repeats: boolean;
            has_duels: boolean;
            tags: string[];
            /** @description The host's own; empty for the standard text. */
            consent_text: string;
            consent_version: string;
            /** Format: date-time */
            created_at: string;
        };
        RoomInputRequest: {
            /** Format: int64 */
            population: number;
            /** @default  */
            name?: string;
        };
        RoomPopulation: {
            id: number;
            name: string;
            /** @description Rated by simulated listeners. */
            is_rehearsal: boolean;
        };
        /**
         * @description * `open` - Open
         *     * `paused` - Paused
         *     * `closed` - Closed
         * @enum {string}
         */
        RoomState: "open" | "paused" | "closed";
        RoomStateInputRequest: {
            state: components["schemas"]["RoomState"];
        };
        /** @description By what a generation closes. */
        Rule: {
            closing: components["schemas"]["ClosingEnum"];
            quorum: number;
            /** Format: double */
            wanted_error: number;
            minutes: number | null;
        };
        Run: {
            readonly id: number;
            readonly name: string;
            readonly preset: string;
            readonly config: {
                [key: string]: unknown;
            };
            /** @description Whether its network fills a bar between its neighbours: such a one cannot play by itself. */
            readonly is_rewriting: boolean;
            readonly seed: number;
            readonly state: components["schemas"]["RunState"];
            readonly reason: string;
            readonly ended_by: string;
            readonly progress: components["schemas"]["RunProgress"];
            readonly corpus: components["schemas"]["RunCorpus"];
            /** @description The epochs that are behind it when it goes on. */
            readonly resume_epoch: number;
            readonly datasets: components["schemas"]["RunDataset"][];
            readonly checkpoints: components["schemas"]["Checkpoint"][];
            /** Format: date-time */
            readonly created_at: string;
            /** Format: date-time */
            readonly finished_at: string | null;
        };
        /** @description What training made of the run's pieces; zeros until its first checkpoint. */
        RunCorpus: {
            /**
             * @description Learned from.
             * @default 0
             */
            n_scores?: number;
            /**
             * @description Kept from training, to judge it by.
             * @default 0
             */
            n_held_out?: number;
            /**
             * @description Of no use to this network.
             * @default 0
             */
            n_left_out?: number;
            /**
             * @description Names.
             * @default []
             */
            held_out?: string[];
            /**
             * @description Names.
             * @default []
             */
            left_out?: string[];
            /**
             * @description In the same order.
             * @default []
             */
            left_out_because?: string[];
        };
        RunDataset: {
            id: number;
            name: string;
        };
        /** @description A run to be started. */
        RunInputRequest: {
            epochs?: number;
            /**
             * Format: double
             * @description null: no limit.
             */
            max_seconds?: number | null;
            name: string;
            datasets: number[];
            preset: components["schemas"]["PresetEnum"];
            seed?: number | null;
        };
        RunProgress: {
            /**
             * Format: double
             * @default 0
             */
            fraction?: number;
            /** @default 0 */
            epoch?: number;
            /** @default 0 */
            epochs?: number;
            /** Format: double */
            loss?: number | null;
            /** Format: double */
            held_out_loss?: number | null;
            /**
             * Format: double
             * @default 0
             */
            seconds_elapsed?: number;
            /** Format: double */
            seconds_left?: number | null;
            /**
             * Format: double
             * @description Loss terms learned from.
             */
            terms_per_second?: number | null;
        };
        /**
         * @description * `queued` - Queued
         *     * `running` - Running
         *     * `finished` - Finished
         *     * `stopped` - Stopped
         *     * `failed` - Failed
         * @enum {string}
         */
        RunState: "queued" | "running" | "finished" | "stopped" | "failed";
        Sample: {
            readonly id: number;
            readonly checkpoint: number;
            readonly job_id: number;
            readonly index: number;
            readonly settings: {
                [key: string]: unknown;
            };
            readonly memorisation: components["schemas"]["Memorisation"] | null;
            /** Format: date-time */
            readonly created_at: string;
            readonly phrase: components["schemas"]["Phrase"];
        };
        SampleInputRequest: {
            count: number;
            /**
             * @description Notes.
             * @default 128
             */
            length?: number;
            /**
             * Format: double
             * @default 1
             */
            temperature?: number;
            /** @description Instead of `temperature`, by what of a note is chosen: bar_step, position, degree, octave, alteration, duration, velocity, timing, articulation. */
            temperatures?: {
                [key: string]: number;
            };
            /**
             * @description 0: no limit.
             * @default 0
             */
            top_k?: number;
            /**
             * Format: double
             * @default 0.98
             */
            top_p?: number;
            key?: components["schemas"]["KeyEnum"];
            scale?: components["schemas"]["ScaleEnum"];
            prime?: components["schemas"]["PrimeInputRequest"] | null;
            seed?: number | null;
            /** Format: double */
            tempo_bpm?: number | null;
        };
        /**
         * @description * `major` - major
         *     * `minorM` - minorM
         *     * `dorian` - dorian
         *     * `phrygian` - phrygian
         *     * `lydian` - lydian
         *     * `mixolydian` - mixolydian
         *     * `majorBlues` - majorBlues
         *     * `minorBlues` - minorBlues
         * @enum {string}
         */
        ScaleEnum: "major" | "minorM" | "dorian" | "phrygian" | "lydian" | "mixolydian" | "majorBlues" | "minorBlues";
        /**
         * @description * `probability` - probability
         *     * `paper` - paper
         *     * `tournament` - tournament
         *     * `rank` - rank
         * @enum {string}
         */
        SelectionEnum: "probability" | "paper" | "tournament" | "rank";
        SetAsideInputRequest: {
            /** @description Whether their answers are not to count; it can be undone. */
            is_set_aside: boolean;
        };
        SourceCheckpoint: {
            id: number;
            run: components["schemas"]["SourceRun"];
        };
        SourceRun: {
            id: number;
            name: string;
        };
        UploadRequest: {
            files: string[];
        };
        Uploaded: {
            files: components["schemas"]["MidiFile"][];
        };
        /** @description One listener of a population, as its host sees them. */
        Voice: {
            /** @description From 1, in the order of their first ratings. */
            number: number;
            name: string;
            /** @description A program, in a rehearsal. */
            is_simulated: boolean;
            n_ratings: number;
            /**
             * Format: double
             * @description Rating points above what others give to the same phrases.
             */
            bias: number;
            /**
             * Format: double
             * @description 1 / the variance of what they say of one phrase; 1 is usual.
             */
            consistency: number;
            /**
             * Format: double
             * @description What one of their ratings counts; the median listener's counts 1.
             */
            weight: number;
            /**
             * Format: double
             * @description The probability that they listen and do not click blindly.
             */
            listening: number;
            flag: (components["schemas"]["FlagEnum"] | components["schemas"]["NullEnum"]) | null;
            /** @description Why they are flagged, in words. */
            reason: string;
            /** @description The one that is most probably theirs, whose listeners they are judged by; null: none. */
            island: number | null;
            /** @description Whether the host lets their answers not count. */
            is_set_aside: boolean;
            /**
             * Format: double
             * @description How far any phrase's fitness moves without them (set aside: with), in the newest rated generation.
             */
            largest_change: number | null;
            /**
             * Format: double
             * @description Spearman's, of the newest rated generation with and without them.
             */
            rank_correlation: number | null;
            /** @description How many parents would be others without them. */
            parents_changed: number | null;
        };
        Welcome: {
            node: string;
            lease_seconds: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type Agreement = components['schemas']['Agreement'];
export type Alert = components['schemas']['Alert'];
export type AlertKindEnum = components['schemas']['AlertKindEnum'];
export type ArtefactRequest = components['schemas']['ArtefactRequest'];
export type Branch = components['schemas']['Branch'];
export type BranchedFrom = components['schemas']['BranchedFrom'];
export type BreedingSettings = components['schemas']['BreedingSettings'];
export type Calibration = components['schemas']['Calibration'];
export type ChangedPhrase = components['schemas']['ChangedPhrase'];
export type Checkpoint = components['schemas']['Checkpoint'];
export type CheckpointReport = components['schemas']['CheckpointReport'];
export type CheckpointRun = components['schemas']['CheckpointRun'];
export type Claim = components['schemas']['Claim'];
export type CloneInputRequest = components['schemas']['CloneInputRequest'];
export type ClonedFrom = components['schemas']['ClonedFrom'];
export type ClosingEnum = components['schemas']['ClosingEnum'];
export type Credit = components['schemas']['Credit'];
export type CrossoverEnum = components['schemas']['CrossoverEnum'];
export type Dashboard = components['schemas']['Dashboard'];
export type Dataset = components['schemas']['Dataset'];
export type DatasetInputRequest = components['schemas']['DatasetInputRequest'];
export type Descendant = components['schemas']['Descendant'];
export type EncodingEnum = components['schemas']['EncodingEnum'];
export type Error = components['schemas']['Error'];
export type Exhibition = components['schemas']['Exhibition'];
export type ExhibitionInputRequest = components['schemas']['ExhibitionInputRequest'];
export type ExtensionInputRequest = components['schemas']['ExtensionInputRequest'];
export type Facts = components['schemas']['Facts'];
export type FailureRequest = components['schemas']['FailureRequest'];
export type FileCounts = components['schemas']['FileCounts'];
export type FileState = components['schemas']['FileState'];
export type FlagEnum = components['schemas']['FlagEnum'];
export type Frame = components['schemas']['Frame'];
export type GalleryCredit = components['schemas']['GalleryCredit'];
export type Generation = components['schemas']['Generation'];
export type GenerationFigures = components['schemas']['GenerationFigures'];
export type HelloRequest = components['schemas']['HelloRequest'];
export type Individual = components['schemas']['Individual'];
export type Island = components['schemas']['Island'];
export type Job = components['schemas']['Job'];
export type JobKindEnum = components['schemas']['JobKindEnum'];
export type JobState = components['schemas']['JobState'];
export type KeyEnum = components['schemas']['KeyEnum'];
export type LimitsInputRequest = components['schemas']['LimitsInputRequest'];
export type ListenerChange = components['schemas']['ListenerChange'];
export type ListenerEffect = components['schemas']['ListenerEffect'];
export type ListenerSoFar = components['schemas']['ListenerSoFar'];
export type Listeners = components['schemas']['Listeners'];
export type Loss = components['schemas']['Loss'];
export type Me = components['schemas']['Me'];
export type Memorisation = components['schemas']['Memorisation'];
export type MethodEnum = components['schemas']['MethodEnum'];
export type MidiFile = components['schemas']['MidiFile'];
export type NullEnum = components['schemas']['NullEnum'];
export type OperatorGain = components['schemas']['OperatorGain'];
export type Ordered = components['schemas']['Ordered'];
export type Origin = components['schemas']['Origin'];
export type OwnedCheckpoint = components['schemas']['OwnedCheckpoint'];
export type Parent = components['schemas']['Parent'];
export type PatchedDatasetInputRequest = components['schemas']['PatchedDatasetInputRequest'];
export type PatchedRoomSettingsInputRequest = components['schemas']['PatchedRoomSettingsInputRequest'];
export type PatchedRuleInputRequest = components['schemas']['PatchedRuleInputRequest'];
export type Phrase = components['schemas']['Phrase'];
export type PhraseBend = components['schemas']['PhraseBend'];
export type PhraseName = components['schemas']['PhraseName'];
export type PhraseNote = components['schemas']['PhraseNote'];
export type PhrasePart = components['schemas']['PhrasePart'];
export type PhraseSoFar = components['schemas']['PhraseSoFar'];
export type PhrasesEnum = components['schemas']['PhrasesEnum'];
export type Population = components['schemas']['Population'];
export type PopulationDefaults = components['schemas']['PopulationDefaults'];
export type PopulationInputRequest = components['schemas']['PopulationInputRequest'];
export type PopulationLimits = components['schemas']['PopulationLimits'];
export type PopulationName = components['schemas']['PopulationName'];
export type PopulationOptions = components['schemas']['PopulationOptions'];
export type PopulationRoom = components['schemas']['PopulationRoom'];
export type PopulationState = components['schemas']['PopulationState'];
export type Preset = components['schemas']['Preset'];
export type PresetEnum = components['schemas']['PresetEnum'];
export type PrimeInputRequest = components['schemas']['PrimeInputRequest'];
export type Program = components['schemas']['Program'];
export type Progress = components['schemas']['Progress'];
export type ProgressRequest = components['schemas']['ProgressRequest'];
export type Recipe = components['schemas']['Recipe'];
export type RecipeEnum = components['schemas']['RecipeEnum'];
export type Rehearsal = components['schemas']['Rehearsal'];
export type RehearsalFigures = components['schemas']['RehearsalFigures'];
export type RehearsalInputRequest = components['schemas']['RehearsalInputRequest'];
export type RehearsalKept = components['schemas']['RehearsalKept'];
export type RehearsalState = components['schemas']['RehearsalState'];
export type Renewed = components['schemas']['Renewed'];
export type ReportState = components['schemas']['ReportState'];
export type ResultRequest = components['schemas']['ResultRequest'];
export type Room = components['schemas']['Room'];
export type RoomInputRequest = components['schemas']['RoomInputRequest'];
export type RoomPopulation = components['schemas']['RoomPopulation'];
export type RoomState = components['schemas']['RoomState'];
export type RoomStateInputRequest = components['schemas']['RoomStateInputRequest'];
export type Rule = components['schemas']['Rule'];
export type Run = components['schemas']['Run'];
export type RunCorpus = components['schemas']['RunCorpus'];
export type RunDataset = components['schemas']['RunDataset'];
export type RunInputRequest = components['schemas']['RunInputRequest'];
export type RunProgress = components['schemas']['RunProgress'];
export type RunState = components['schemas']['RunState'];
export type Sample = components['schemas']['Sample'];
export type SampleInputRequest = components['schemas']['SampleInputRequest'];
export type ScaleEnum = components['schemas']['ScaleEnum'];
export type SelectionEnum = components['schemas']['SelectionEnum'];
export type SetAsideInputRequest = components['schemas']['SetAsideInputRequest'];
export type SourceCheckpoint = components['schemas']['SourceCheckpoint'];
export type SourceRun = components['schemas']['SourceRun'];
export type UploadRequest = components['schemas']['UploadRequest'];
export type Uploaded = components['schemas']['Uploaded'];
export type Voice = components['schemas']['Voice'];
export type Welcome = components['schemas']['Welcome'];

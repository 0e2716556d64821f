/* Generated from the API's OpenAPI document: `npm run dashboard:types`. A test says when it is stale. */
export interface paths {
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who asks, and what they may do
         * @description As the token says it.
         *
         *     Role: viewer.
         */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams/{team}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a team has, used and may still use
         * @description As of the ledger’s time: what has become due since the last run is counted in.
         *
         *     Role: viewer.
         */
        get: operations["getTeam"];
        /**
         * Create a team, or bring its settings up to date
         * @description Idempotent by itself: putting the same again under another key, or under none, answers `unchanged`.
         *
         *     Role: operator.
         */
        put: operations["putTeam"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All teams
         * @description By id, each with its overview.
         *
         *     Role: operator.
         */
        get: operations["listTeams"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams/{team}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Usage by day, flow, block type or run
         * @description What was charged less what was reversed of it, for a billing period or a span. A reversal counts where and when its charge was made.
         *
         *     Role: viewer.
         */
        get: operations["getUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams/{team}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Runs of a team
         * @description Newest first: when they asked for admission.
         *
         *     Role: viewer.
         */
        get: operations["listRuns"];
        put?: never;
        /**
         * Start a run of a flow
         * @description The ledger’s answer comes with the start: 201 admitted; 202 waiting, with its place, why, and the next reset; 422 rejected, with the path of each fault. The key makes the workflow id: a repeated start gets the first run’s answer. A run that would be priced as on a person’s own machine (`location: local`, or a manual one without `cloudRun`) is for operators: it would execute here, and cost nothing.
         *
         *     Role: developer.
         */
        post: operations["startRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams/{team}/runs/{run}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One run, each charge explained
         * @description Line by line: what, how many, the unit price, the row of the rate card and whether it is documented or assumed; where the credits came from; what was reversed. Charges come in pages, the first ones here.
         *
         *     Role: viewer.
         */
        get: operations["getRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams/{team}/line": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who waits for credits, and why
         * @description In order, each with when it goes if nothing changes: nobody pays, buys, gives up or stops.
         *
         *     Role: viewer.
         */
        get: operations["getLine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams/{team}/statements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Statements of closed periods
         * @description Newest first. What was billed, and how the credits of the period add up.
         *
         *     Role: viewer.
         */
        get: operations["listStatements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams/{team}/packs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Packs that were bought
         * @description Newest first: what is left of each, until when it lasts, what was paid.
         *
         *     Role: viewer.
         */
        get: operations["listPacks"];
        put?: never;
        /**
         * Record a pack that was bought
         * @description Gives the credits; waiting runs go. On plans that have packs. What was paid is not collected here.
         *
         *     Role: operator.
         */
        post: operations["buyPack"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams/{team}/adjustments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Credits given beside plan and packs
         * @description Newest first. What was withdrawn by an adjustment is in the audit.
         *
         *     Role: viewer.
         */
        get: operations["listAdjustments"];
        put?: never;
        /**
         * Give or withdraw credits
         * @description Until the end of the period unless told. Withdrawing more than is available is refused, naming it.
         *
         *     Role: operator.
         */
        post: operations["adjustCredits"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams/{team}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happened, in order
         * @description The feed that webhooks are sent from. `seq` counts a team’s events from 1 without a gap: who has read up to one asks for those `after` it.
         *
         *     Role: viewer.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams/{team}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who did what to the team
         * @description Newest first: settings, packs, adjustments, reversals, discards, each with its actor and request id. Starts and cancellations of runs change nothing of the team, and are in the log of the server.
         *
         *     Role: billing-admin.
         */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams/{team}/forecast": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The day the credits run out
         * @description By what the last 14 whole days used, since usage began. Says so where 3 whole days have not passed since.
         *
         *     Role: viewer.
         */
        get: operations["getForecast"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams/{team}/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tells when the team has changed
         * @description A stream of server-sent events. `changed` comes with the team’s version; read again what you show. It ends with the token, with the server, and with you; connect again with `Last-Event-ID`.
         *
         *     Role: viewer.
         */
        get: operations["watchTeam"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The plans in force
         * @description Lowest first, with where each of their fields comes from: documented, or assumed.
         *
         *     Role: viewer.
         */
        get: operations["listPlans"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rate-cards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Rate cards, row by row
         * @description Newest first. Each row says whether it is documented or assumed, and its source. A card never changes.
         *
         *     Role: viewer.
         */
        get: operations["listRateCards"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/estimates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a run of a flow would cost
         * @description Least, likely and most, by the rate card in force. 422 names each fault of the flow by its path.
         *
         *     Role: viewer.
         */
        post: operations["estimateFlow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams/{team}/pay-as-you-go/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What turning pay-as-you-go on would do
         * @description Who waits, for how much, in money; whether the team may have it; and, with a cap or `uncapped`, who would go at once. Changes nothing.
         *
         *     Role: viewer.
         */
        get: operations["previewPayAsYouGo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams/{team}/pay-as-you-go": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Turn pay-as-you-go on or off
         * @description Waiting runs are released by it, in order, up to the cap. Refused on plans that do not have it.
         *
         *     Role: billing-admin.
         */
        put: operations["setPayAsYouGo"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams/{team}/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change the plan
         * @description An upgrade counts at once and waiting runs go; a downgrade counts at the next reset.
         *
         *     Role: operator.
         */
        put: operations["changePlan"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams/{team}/packs/{pack}/void": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a pack back
         * @description One of which nothing was used.
         *
         *     Role: operator.
         */
        post: operations["voidPack"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams/{team}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Suspend, activate or close a team
         * @description Of a suspended team nothing new is admitted; what is under way completes. Closing is for good.
         *
         *     Role: operator.
         */
        put: operations["setTeamStatus"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams/{team}/runs/{run}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a run
         * @description Waiting or not: what it used is charged, what it held goes back. Asked for, and not waited for: its status tells. Of a run that has ended nothing is left to cancel.
         *
         *     Role: developer.
         */
        post: operations["cancelRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams/{team}/runs/{run}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take one run out of the line
         * @description 409 where it does not wait: one that was admitted in the meantime goes on.
         *
         *     Role: developer.
         */
        post: operations["discardRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams/{team}/line/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take waiting runs out of the line
         * @description By flow, trigger, age or id; the first of the line first. Each of them is told.
         *
         *     Role: developer.
         */
        post: operations["discardLine"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/teams/{team}/runs/{run}/reversals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reverse what a run was charged
         * @description All of it, one charge, or one line of one; it goes back to where it came from.
         *
         *     Role: operator.
         */
        post: operations["reverseRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description Credits in text; negative withdraws what is available.
         * @example {
         *       "credits": "25",
         *       "reason": "for yesterday’s outage"
         *     }
         */
        AdjustCreditsInput: {
            credits: string;
            /** Format: date-time */
            expiresAt?: string;
            reason: string;
        };
        Adjusted: {
            /** @description The key the command was done under: repeat it with this one. */
            idempotencyKey: string;
            millicredits: components["schemas"]["Millicredits"];
        };
        /** @description Credits given beside plan and packs. */
        Adjustment: {
            /** @description Its number within the team. */
            grant: number;
            /** @description In which it was given. */
            period: number;
            grantedAt: components["schemas"]["Moment"];
            /** @description Null: never. */
            expiresAt: components["schemas"]["Moment"] | null;
            granted: components["schemas"]["Millicredits"];
            used: components["schemas"]["Millicredits"];
            held: components["schemas"]["Millicredits"];
            left: components["schemas"]["Millicredits"];
            expired: components["schemas"]["Millicredits"];
            withdrawn: components["schemas"]["Millicredits"];
            /** @enum {string} */
            status: "active" | "used" | "expired" | "voided";
            note: string | null;
        };
        Adjustments: {
            items: components["schemas"]["Adjustment"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        /** @description What somebody did to the team, by name. */
        Audit: {
            entry: number;
            at: components["schemas"]["Moment"];
            period: number;
            /** @description setting, grant, withdraw, reversal, discard… */
            kind: string;
            actor: string;
            reason: string | null;
            /** @description The command’s idempotency key. Null: a reversal, or settings, from before these kept theirs; or settings that the platform told without one. */
            requestId: string | null;
            reversed: {
                runId: string;
                key: string;
                line: number | null;
            } | null;
            millicredits: components["schemas"]["Millicredits"];
            setting: components["schemas"]["Setting"] | null;
        };
        Audits: {
            items: components["schemas"]["Audit"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        /**
         * @description Of one kind of credits: granted (included: in this period; others: of those not used up), charged in this period, held by runs under way, available now.
         * @example {
         *       "granted": "50000",
         *       "charged": "31000",
         *       "held": "2000",
         *       "available": "17000"
         *     }
         */
        Balance: {
            granted: components["schemas"]["Millicredits"];
            charged: components["schemas"]["Millicredits"];
            held: components["schemas"]["Millicredits"];
            available: components["schemas"]["Millicredits"];
        };
        /**
         * @description Credits in text. What was paid is kept as it is told, in any currency.
         * @example {
         *       "credits": "10000",
         *       "paid": {
         *         "amount": "80.00",
         *         "currency": "EUR",
         *         "reference": "INV-17"
         *       }
         *     }
         */
        BuyPackInput: {
            credits: string;
            /** Format: date-time */
            expiresAt?: string;
            note?: string;
            paid?: {
                amount: string;
                currency: string;
                reference?: string;
            };
        };
        /**
         * @example {
         *       "reason": "started by mistake"
         *     }
         */
        CancelRunInput: {
            reason?: string;
        };
        /**
         * @description Money in whole cents of a US dollar, as text, rounded once: "124" is $1.24.
         * @example 124
         */
        Cents: string;
        /**
         * @example {
         *       "plan": "team"
         *     }
         */
        ChangePlanInput: {
            plan: string;
        };
        /** @description One charge, explained: its lines add up to it, and so do its sources. */
        Charge: {
            /** @description Its number in the team’s book. */
            entry: number;
            /** @description The block’s path, with every iteration: `for1[3]/h`. */
            key: string;
            /** @description Block or activity type; null: the run itself. */
            type: string | null;
            at: components["schemas"]["Moment"];
            period: number;
            millicredits: components["schemas"]["Millicredits"];
            lines: components["schemas"]["ChargeLine"][];
            sources: {
                /** @enum {string} */
                source: "included" | "purchased" | "adjustment" | "payg" | "overdraft";
                /** @description Of credits that were given: their number. */
                grant: number | null;
                millicredits: components["schemas"]["Millicredits"];
            }[];
            reversals: {
                entry: number;
                /** @description Null: all that was left of it. */
                line: number | null;
                millicredits: components["schemas"]["Millicredits"];
            }[];
            /** @description What it used, as it was reported: models, tools, units. */
            usage: unknown;
            failed: boolean;
            /** @description Came after the run was closed. */
            late: boolean;
            /** @description Had no reservation: the ledger was away. */
            unreserved: boolean;
        };
        /**
         * @description One line of a charge; the lines add up to it.
         * @example {
         *       "what": "HTTP Request",
         *       "quantity": "1",
         *       "unitMillicredits": "1000",
         *       "millicredits": "1000",
         *       "row": "blocks.http-request",
         *       "provenance": "documented",
         *       "source": "Postman, Manage your team’s Postman Flows credit usage"
         *     }
         */
        ChargeLine: {
            what: string;
            quantity: string;
            unitMillicredits: components["schemas"]["Millicredits"];
            millicredits: components["schemas"]["Millicredits"];
            /** @description Path of the row in the rate card. */
            row: string;
            provenance: components["schemas"]["Provenance"];
            /** @description Where the row comes from; null: the card is not loaded here any more. */
            source: string | null;
        };
        /** @description The same rows as CSV, the first line names the columns. Columns named `…Credits` are whole credits with up to three decimals, `12.5`, not the millicredits of JSON; `…Usd` are dollars. Text that a spreadsheet would take for a formula begins with an apostrophe. The next page is in the header `Link`. */
        Csv: string;
        /**
         * @description All conditions hold; those left out hold for any run.
         * @example {
         *       "trigger": "schedule",
         *       "reason": "old"
         *     }
         */
        DiscardLineInput: {
            flow?: string;
            /** @enum {string} */
            trigger?: "manual" | "api" | "mcp" | "schedule" | "webhook";
            /** Format: date-time */
            before?: string;
            runIds?: string[];
            most?: number;
            reason: string;
        };
        /**
         * @example {
         *       "reason": "stale"
         *     }
         */
        DiscardRunInput: {
            reason: string;
        };
        Discarded: {
            /** @description The key the command was done under: repeat it with this one. */
            idempotencyKey: string;
            discarded: number;
            /** @description As many were discarded as one request may: repeat it with another key. */
            more: boolean;
        };
        /** @description What a run of a flow would be charged. */
        Estimate: {
            rateCard: string;
            /** @enum {string} */
            trigger: "manual" | "api" | "mcp" | "schedule" | "webhook";
            /** @enum {string} */
            location: "local" | "cloud" | "private-runner";
            /** @description Whether it waits when there are none. */
            requiresCredits: boolean;
            /** @description If no block fails. */
            least: components["schemas"]["Millicredits"];
            /** @description The dearest branch; known loop counts else one, one model call; of likely tokens where those are its price. */
            likely: components["schemas"]["Millicredits"];
            /** @description Null: nothing bounds it. */
            most: components["schemas"]["Millicredits"] | null;
        };
        /**
         * @example {
         *       "trigger": "api",
         *       "flow": {
         *         "name": "fetch",
         *         "blocks": [
         *           {
         *             "id": "start",
         *             "type": "start"
         *           },
         *           {
         *             "id": "fetch",
         *             "type": "http-request",
         *             "config": {
         *               "url": "https://api.example/orders"
         *             }
         *           }
         *         ],
         *         "connections": [
         *           {
         *             "from": "start",
         *             "to": "fetch"
         *           }
         *         ]
         *       }
         *     }
         */
        EstimateFlowInput: {
            flow: {
                name: string;
                blocks: {
                    id: string;
                    type: string;
                    /** @default {} */
                    config: {
                        [key: string]: components["schemas"]["JsonInput"];
                    };
                }[];
                /** @default [] */
                connections: {
                    from: string;
                    port?: string;
                    to: string;
                }[];
            };
            flows?: {
                [key: string]: {
                    name: string;
                    blocks: {
                        id: string;
                        type: string;
                        /** @default {} */
                        config: {
                            [key: string]: components["schemas"]["JsonInput"];
                        };
                    }[];
                    /** @default [] */
                    connections: {
                        from: string;
                        port?: string;
                        to: string;
                    }[];
                };
            };
            /**
             * @default api
             * @enum {string}
             */
            trigger: "manual" | "api" | "mcp" | "schedule" | "webhook";
            /** @enum {string} */
            location?: "local" | "cloud" | "private-runner";
            cloudRun?: boolean;
            /**
             * Format: date-time
             * @description By the rate card in force then; left out: now.
             */
            at?: string;
        };
        /** @description Something that happened to the team, as webhooks get it, and how its delivery goes. */
        Event: {
            /** @description `team:seq`, for ever: who keeps it may import it twice. */
            id: string;
            seq: number;
            /** @enum {string} */
            type: "run.waiting" | "run.released" | "run.left" | "payg.enabled" | "payg.disabled" | "payg.usage" | "payg.refund" | "payg.threshold" | "period.reset" | "statement.closed" | "usage.threshold";
            timestamp: components["schemas"]["Moment"];
            /** @description What it says, by its type. */
            data: {
                [key: string]: unknown;
            };
            delivery: {
                /** @enum {string} */
                status: "pending" | "delivered" | "dead" | "kept";
                attempts: number;
                nextAttempt: components["schemas"]["Moment"] | null;
                deliveredAt: components["schemas"]["Moment"] | null;
            };
        };
        Events: {
            items: components["schemas"]["Event"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        /** @description The day the credits run out if usage goes on as before. Exact of what it stands on, and no more. */
        Forecast: {
            /**
             * @description too-little-data: fewer whole days since usage began than it takes; out: nothing is left; runs-out: `at`, on `day`; lasts: until the reset, with so much left.
             * @enum {string}
             */
            status: "too-little-data" | "out" | "runs-out" | "lasts";
            remaining: components["schemas"]["Millicredits"];
            nextReset: components["schemas"]["Moment"];
            timeZone: string;
            at: components["schemas"]["Moment"] | null;
            /** @description In the team’s time zone. */
            day: string | null;
            leftAtReset: components["schemas"]["Millicredits"] | null;
            basis: components["schemas"]["ForecastBasis"] | null;
            daysNeeded: number;
        };
        /** @description What it stands on: so much in so many whole days. */
        ForecastBasis: {
            from: components["schemas"]["Moment"];
            to: components["schemas"]["Moment"];
            days: number;
            used: components["schemas"]["Millicredits"];
        };
        /** @description A run that waits for credits. */
        InLine: {
            runId: string;
            workflowId: string;
            flow: string;
            /** @enum {string} */
            trigger: "manual" | "api" | "mcp" | "schedule" | "webhook";
            /** @enum {string} */
            location: "local" | "cloud" | "private-runner";
            /** @description Counted from 1. */
            place: number;
            since: components["schemas"]["Moment"];
            least: components["schemas"]["Millicredits"];
            /** @description What it will set aside when it goes. */
            hold: components["schemas"]["Millicredits"];
            likely: components["schemas"]["Millicredits"];
            /**
             * @description Why it waits: everything is spent, or what is left is held by other runs.
             * @enum {string}
             */
            reason: "spent" | "held";
            /** @description When it goes if nothing changes; null: never. */
            goes: {
                at: components["schemas"]["Moment"];
                /** @description 0: now; n: at the n-th reset. */
                resets: number;
            } | null;
        };
        /** @description Any JSON value. */
        JsonInput: null | boolean | number | string | components["schemas"]["JsonInput"][] | {
            [key: string]: components["schemas"]["JsonInput"];
        };
        /** @description Who waits, in order. */
        Line: {
            items: components["schemas"]["InLine"][];
            nextCursor: components["schemas"]["NextCursor"];
            /** @description So many wait in all. */
            waiting: number;
            nextReset: components["schemas"]["Moment"];
        };
        /**
         * @description Server-sent events: `changed` with the team’s version as its id, and comments as heartbeats.
         * @example event: changed
         *     id: 42.17
         *     data: {"version":"42.17"}
         */
        Live: string;
        /**
         * @example {
         *       "actor": "olga@acme.example",
         *       "role": "viewer",
         *       "team": "acme",
         *       "may": [
         *         "getMe",
         *         "getTeam"
         *       ]
         *     }
         */
        Me: {
            actor: string;
            /** @enum {string} */
            role: "viewer" | "developer" | "billing-admin" | "operator";
            /** @description Null: an operator, who sees all teams. */
            team: string | null;
            /** @description The operations of this document, by their ids. */
            may: string[];
        };
        /**
         * @description Money in whole millionths of a US dollar, as text: "25000000" is $25.
         * @example 25000000
         */
        MicroUsd: string;
        /**
         * @description Credits in whole thousandths, as text: "12500" is 12.5 credits. 1 credit is $0.001.
         * @example 12500
         */
        Millicredits: string;
        /**
         * Format: date-time
         * @description ISO 8601 in UTC.
         * @example 2026-11-25T09:30:00.000Z
         */
        Moment: string;
        /** @description Where the next page begins; null: this was the last. */
        NextCursor: string | null;
        Origin: {
            provenance: components["schemas"]["Provenance"];
            source: string;
        };
        /** @description Credits that were bought: granted = used + held + left + expired + withdrawn. */
        Pack: {
            /** @description Its number within the team. */
            grant: number;
            /** @description In which it was given. */
            period: number;
            grantedAt: components["schemas"]["Moment"];
            /** @description Null: never. */
            expiresAt: components["schemas"]["Moment"] | null;
            granted: components["schemas"]["Millicredits"];
            used: components["schemas"]["Millicredits"];
            held: components["schemas"]["Millicredits"];
            left: components["schemas"]["Millicredits"];
            expired: components["schemas"]["Millicredits"];
            withdrawn: components["schemas"]["Millicredits"];
            /** @enum {string} */
            status: "active" | "used" | "expired" | "voided";
            note: string | null;
            /** @description As it was told; nothing is computed with it. */
            paid: {
                amount: string;
                currency: string;
                reference: string | null;
            } | null;
        };
        PackBought: {
            /** @description The key the command was done under: repeat it with this one. */
            idempotencyKey: string;
            /** @description Its number within the team. */
            pack: number;
        };
        PackVoided: {
            /** @description The key the command was done under: repeat it with this one. */
            idempotencyKey: string;
            withdrawn: components["schemas"]["Millicredits"];
        };
        Packs: {
            items: components["schemas"]["Pack"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        /** @description What turning pay-as-you-go on would do. Changes nothing. */
        PayAsYouGoPreview: {
            team: string;
            plan: string;
            allowed: boolean;
            /** @description Why the team may not have it, and what would help. */
            refusal: {
                reason: string;
                message: string;
            } | null;
            now: {
                enabled: boolean;
                capMicroUsd: components["schemas"]["MicroUsd"] | null;
                charged: components["schemas"]["Millicredits"];
                held: components["schemas"]["Millicredits"];
            };
            rate: components["schemas"]["Rate"];
            waiting: number;
            /** @description What all that wait will probably use. */
            likely: components["schemas"]["Millicredits"];
            likelyCents: components["schemas"]["Cents"];
            /** @description Who would go at once under the cap that was asked for; null: none was. */
            atOnce: {
                capMicroUsd: components["schemas"]["MicroUsd"] | null;
                runs: number;
                hold: components["schemas"]["Millicredits"];
            } | null;
        };
        PayAsYouGoSet: {
            /** @description The key the command was done under: repeat it with this one. */
            idempotencyKey: string;
            enabled: boolean;
            /** @description Held by runs under way: charged all the same, at most. */
            stillCharged: components["schemas"]["Millicredits"];
        };
        /**
         * @description A billing period, half-open: it ends where the next one starts. `index` counts from 0 at the team’s anchor.
         * @example {
         *       "index": 3,
         *       "start": "2026-11-01T00:00:00.000Z",
         *       "end": "2026-12-01T00:00:00.000Z"
         *     }
         */
        Period: {
            index: number;
            start: components["schemas"]["Moment"];
            end: components["schemas"]["Moment"];
        };
        Plan: {
            plan: string;
            /** @description A higher one is an upgrade. */
            rank: number;
            /** @description A month; what is left does not roll over. */
            includedMillicredits: components["schemas"]["Millicredits"];
            payAsYouGo: boolean;
            packs: boolean;
            privateRunner: boolean;
            customAllowance: boolean;
            payAsYouGoRate: components["schemas"]["Rate"];
        };
        PlanChanged: {
            /** @description The key the command was done under: repeat it with this one. */
            idempotencyKey: string;
            /**
             * @description A downgrade counts at the next reset.
             * @enum {string}
             */
            counts: "now" | "next-reset";
            /** @description What an upgrade brought at once. */
            granted: components["schemas"]["Millicredits"];
        };
        /** @description The plans in force, lowest first. */
        Plans: {
            items: components["schemas"]["Plan"][];
            nextCursor: null;
            at: components["schemas"]["Moment"];
            /** @description Where each field of the plans comes from: documented, or assumed. */
            origins: {
                rank: components["schemas"]["Origin"];
                includedCredits: components["schemas"]["Origin"];
                payg: components["schemas"]["Origin"];
                packs: components["schemas"]["Origin"];
                privateRunner: components["schemas"]["Origin"];
                customAllowance: components["schemas"]["Origin"];
                paygRate: components["schemas"]["Origin"];
            } | null;
        };
        /**
         * @description RFC 9457. `type` tells problems apart and stays; `detail` is for people; `reason` is the ledger’s word for a refusal; `errors` name what is wrong and where, `blocks[2].config.url`; `requestId` finds it in the logs.
         * @example {
         *       "type": "urn:flow-credits:problem:malformed",
         *       "title": "The request is malformed",
         *       "status": 400,
         *       "detail": "query: limit must be at most 500; it is \"1000\"",
         *       "instance": "/v1/teams/acme/runs",
         *       "requestId": "0b6f8c1e-5c0e-4a55-9f0e-1d9a1a1f3c11",
         *       "errors": [
         *         {
         *           "in": "query",
         *           "path": "limit",
         *           "message": "must be at most 500; it is \"1000\""
         *         }
         *       ]
         *     }
         */
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            instance: string;
            requestId: string;
            reason?: string;
            errors?: {
                /** @enum {string} */
                in: "body" | "query" | "path" | "header";
                path: string;
                message: string;
            }[];
        };
        /**
         * @description Whether a price is documented by whoever made it, or assumed here.
         * @enum {string}
         */
        Provenance: "documented" | "assumed";
        /**
         * @description What is left out stays as it is. Anchor and zone are for good; `openingCredits` count at creation.
         * @example {
         *       "plan": "team",
         *       "anchor": "2026-11-01T00:00:00",
         *       "timeZone": "Europe/Berlin"
         *     }
         */
        PutTeamInput: {
            plan: string;
            anchor: string;
            /** @default UTC */
            timeZone: string;
            openingCredits?: string;
            /** @enum {string} */
            overdraftPolicy?: "forgive" | "carry";
            customIncludedCredits?: string | null;
            runLimitCredits?: string | null;
            paygRate?: {
                usd: string;
                credits: number;
            } | null;
            backlog?: {
                [key: string]: {
                    /**
                     * @default wait
                     * @enum {string}
                     */
                    policy: "wait" | "reject" | "keep-latest";
                    longestWaitSeconds?: number;
                    mostWaiting?: number;
                };
            };
            alerts?: {
                percent?: number[];
                paygUsd?: string[];
            };
        };
        /**
         * @description So much money for so many whole credits.
         * @example {
         *       "microUsd": "1000000",
         *       "credits": "1000"
         *     }
         */
        Rate: {
            microUsd: components["schemas"]["MicroUsd"];
            credits: string;
        };
        /** @description An immutable price list. A run keeps the one it asked under. */
        RateCard: {
            id: string;
            inForceFrom: components["schemas"]["Moment"];
            /** @description Exclusive; null: no other follows. */
            inForceUntil: components["schemas"]["Moment"] | null;
            /** @description Now, by the ledger’s time. */
            inForce: boolean;
            note: string | null;
            rows: components["schemas"]["RateCardRow"][];
        };
        /** @description A price, and where it comes from. */
        RateCardRow: {
            /** @description As lines of charges name it: `blocks.ai-agent.models.gpt-4o`. */
            path: string;
            /** @enum {string} */
            table: "run" | "blocks" | "activities";
            /** @description Block or activity type; of a run’s price its location. */
            type: string;
            what: string;
            /** @enum {string} */
            price: "per-run" | "fixed" | "per-unit" | "per-call" | "per-million-tokens" | "per-tool" | "at-cost";
            unit: string | null;
            /** @description Of one; null where it is priced by tokens, or at cost. */
            millicredits: components["schemas"]["Millicredits"] | null;
            /** @description Of a million tokens. */
            tokens: {
                input: components["schemas"]["Millicredits"];
                output: components["schemas"]["Millicredits"];
            } | null;
            /** @description At cost: what is set aside. */
            likelyMicroUsd: components["schemas"]["MicroUsd"] | null;
            /** @description Where it charges, and how that is known; null: everywhere. */
            chargedIn: {
                /** @enum {string} */
                location: "local" | "cloud" | "private-runner";
                provenance: components["schemas"]["Provenance"];
            }[] | null;
            provenance: components["schemas"]["Provenance"];
            source: string;
        };
        /** @description All rate cards, newest first. */
        RateCards: {
            items: components["schemas"]["RateCard"][];
            nextCursor: null;
        };
        /**
         * @example {
         *       "key": "fetch",
         *       "line": 0,
         *       "reason": "the service was down"
         *     }
         */
        ReverseRunInput: {
            /** @description One charge of the run; left out: what is left of every one. */
            key?: string;
            /** @description One line of that charge, counted from 0. */
            line?: number;
            reason: string;
        };
        Reversed: {
            /** @description The key the command was done under: repeat it with this one. */
            idempotencyKey: string;
            /** @description Given back to where it came from. */
            reversed: components["schemas"]["Millicredits"];
            /** @description Of so many charges. */
            charges: number;
        };
        /** @description A run as the ledger knows it. */
        Run: {
            /** @description The ledger’s id. */
            runId: string;
            workflowId: string;
            flow: string;
            /**
             * @description waiting in the line; admitted: under way; closed: ended; left: gone from the line before it was admitted.
             * @enum {string}
             */
            status: "waiting" | "admitted" | "closed" | "left";
            /** @description How it ended: completed, failed, discarded… */
            closeReason: string | null;
            /** @enum {string} */
            mode: "enforce" | "observe";
            /** @enum {string} */
            trigger: "manual" | "api" | "mcp" | "schedule" | "webhook";
            /** @enum {string} */
            location: "local" | "cloud" | "private-runner";
            /** @description The one it was pinned to when it asked. */
            rateCard: string;
            requiresCredits: boolean;
            /** @description Its least estimate under its rate card. */
            least: components["schemas"]["Millicredits"];
            /** @description Its likely estimate under its rate card. */
            likely: components["schemas"]["Millicredits"];
            /** @description The most it may be charged; null: no limit. */
            limit: components["schemas"]["Millicredits"] | null;
            held: components["schemas"]["Millicredits"];
            /** @description The sum of its charges; what was reversed since is not taken away. */
            charged: components["schemas"]["Millicredits"];
            askedAt: components["schemas"]["Moment"];
            admittedAt: components["schemas"]["Moment"] | null;
            endedAt: components["schemas"]["Moment"] | null;
            /** @description Whether it ever stood in the line. */
            waited: boolean;
        };
        /** @description It is under way. */
        RunAdmitted: {
            /** @description The key the command was done under: repeat it with this one. */
            idempotencyKey: string;
            runId: string;
            workflowId: string;
            admission: {
                /** @constant */
                status: "admitted";
                rateCard: string;
                held: components["schemas"]["Millicredits"];
                wouldHaveWaited: boolean;
            };
        };
        RunCancelled: {
            /** @description The key the command was done under: repeat it with this one. */
            idempotencyKey: string;
            runId: string;
            workflowId: string;
        };
        /** @description A run and its charges, page by page, each explained. */
        RunDetail: {
            /** @description The ledger’s id. */
            runId: string;
            workflowId: string;
            flow: string;
            /**
             * @description waiting in the line; admitted: under way; closed: ended; left: gone from the line before it was admitted.
             * @enum {string}
             */
            status: "waiting" | "admitted" | "closed" | "left";
            /** @description How it ended: completed, failed, discarded… */
            closeReason: string | null;
            /** @enum {string} */
            mode: "enforce" | "observe";
            /** @enum {string} */
            trigger: "manual" | "api" | "mcp" | "schedule" | "webhook";
            /** @enum {string} */
            location: "local" | "cloud" | "private-runner";
            /** @description The one it was pinned to when it asked. */
            rateCard: string;
            requiresCredits: boolean;
            /** @description Its least estimate under its rate card. */
            least: components["schemas"]["Millicredits"];
            /** @description Its likely estimate under its rate card. */
            likely: components["schemas"]["Millicredits"];
            /** @description The most it may be charged; null: no limit. */
            limit: components["schemas"]["Millicredits"] | null;
            held: components["schemas"]["Millicredits"];
            /** @description The sum of its charges; what was reversed since is not taken away. */
            charged: components["schemas"]["Millicredits"];
            askedAt: components["schemas"]["Moment"];
            admittedAt: components["schemas"]["Moment"] | null;
            endedAt: components["schemas"]["Moment"] | null;
            /** @description Whether it ever stood in the line. */
            waited: boolean;
            /** @description In the line, counted from 1; null: it does not wait. */
            place: number | null;
            /** @description Of a run that is under way on a private runner. Null: it executes elsewhere, it waits in the line or has ended, or Temporal did not say within two seconds. */
            runner: {
                /** @description Where its blocks wait for the team’s private runner. */
                taskQueue: string;
                /** @description False: nobody has polled for 90 seconds, and its blocks wait; `flow-credits runner --team TEAM` starts one. */
                polled: boolean;
            } | null;
            /** @description How much of its charges was reversed. */
            reversed: components["schemas"]["Millicredits"];
            chargeCount: number;
            charges: {
                items: components["schemas"]["Charge"][];
                nextCursor: components["schemas"]["NextCursor"];
            };
        };
        /** @description It stands in the line: at which place, why, and until when. */
        RunWaiting: {
            /** @description The key the command was done under: repeat it with this one. */
            idempotencyKey: string;
            runId: string;
            workflowId: string;
            admission: {
                /** @constant */
                status: "waiting";
                rateCard: string;
                place: number;
                /** @enum {string} */
                reason: "spent" | "held";
                nextReset: components["schemas"]["Moment"];
            };
        };
        Runs: {
            items: components["schemas"]["Run"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        /**
         * @description Turning it on takes either a cap in dollars or, said on purpose, `uncapped: true`.
         * @example {
         *       "enabled": true,
         *       "capUsd": "25.00"
         *     }
         * @example {
         *       "enabled": false
         *     }
         */
        SetPayAsYouGoInput: {
            enabled: boolean;
            capUsd?: string;
            /** @constant */
            uncapped?: true;
        };
        /**
         * @example {
         *       "status": "suspended"
         *     }
         */
        SetTeamStatusInput: {
            /** @enum {string} */
            status: "active" | "suspended" | "closed";
        };
        /** @description What the team was set to from then on. */
        Setting: {
            plan: string;
            nextPlan: string | null;
            /** @enum {string} */
            status: "active" | "suspended" | "closed";
            paygEnabled: boolean;
            paygCap: string | null;
            paygRate: components["schemas"]["Rate"] | null;
            customIncluded: string | null;
            /** @enum {string} */
            overdraftPolicy: "forgive" | "carry";
            runLimit: string | null;
            backlog?: string;
            alerts?: string;
        };
        /**
         * @description A flow, and what it is started with. `creditLimit` is in millicredits. What the flow means is checked by the worker: it answers `rejected` with the path of each fault.
         * @example {
         *       "trigger": "api",
         *       "flow": {
         *         "name": "hello",
         *         "blocks": [
         *           {
         *             "id": "start",
         *             "type": "start"
         *           },
         *           {
         *             "id": "out",
         *             "type": "output"
         *           }
         *         ],
         *         "connections": [
         *           {
         *             "from": "start",
         *             "to": "out"
         *           }
         *         ]
         *       },
         *       "input": {
         *         "name": "Ada"
         *       }
         *     }
         */
        StartRunInput: {
            flow: {
                name: string;
                blocks: {
                    id: string;
                    type: string;
                    /** @default {} */
                    config: {
                        [key: string]: components["schemas"]["JsonInput"];
                    };
                }[];
                /** @default [] */
                connections: {
                    from: string;
                    port?: string;
                    to: string;
                }[];
            };
            flows?: {
                [key: string]: {
                    name: string;
                    blocks: {
                        id: string;
                        type: string;
                        /** @default {} */
                        config: {
                            [key: string]: components["schemas"]["JsonInput"];
                        };
                    }[];
                    /** @default [] */
                    connections: {
                        from: string;
                        port?: string;
                        to: string;
                    }[];
                };
            };
            /** @enum {string} */
            trigger: "manual" | "api" | "mcp" | "schedule" | "webhook";
            /** @enum {string} */
            location?: "local" | "cloud" | "private-runner";
            cloudRun?: boolean;
            input?: components["schemas"]["JsonInput"];
            creditLimit?: string;
            longestWaitSeconds?: number;
            blocksPerExecution?: number;
        };
        /** @description A closed period. It never changes. */
        Statement: {
            period: components["schemas"]["Period"];
            plan: string;
            closedAt: components["schemas"]["Moment"];
            opening: components["schemas"]["Millicredits"];
            granted: components["schemas"]["Millicredits"];
            charged: components["schemas"]["Millicredits"];
            expired: components["schemas"]["Millicredits"];
            withdrawn: components["schemas"]["Millicredits"];
            /** @description opening + granted = charged + expired + withdrawn + closing. */
            closing: components["schemas"]["Millicredits"];
            heldOverIn: components["schemas"]["Millicredits"];
            heldOverOut: components["schemas"]["Millicredits"];
            heldOverCharged: components["schemas"]["Millicredits"];
            heldOverReturned: components["schemas"]["Millicredits"];
            payAsYouGo: {
                millicredits: components["schemas"]["Millicredits"];
                rate: components["schemas"]["Rate"];
                /** @description What is billed: rounded once, on the total, half up. */
                cents: components["schemas"]["Cents"];
                /** @description Of closed periods, given back in this one. */
                reversed: components["schemas"]["Millicredits"];
                reversedCents: components["schemas"]["Cents"];
                heldOverIn: components["schemas"]["Millicredits"];
                heldOverOut: components["schemas"]["Millicredits"];
            };
            overdraft: components["schemas"]["Millicredits"];
            /** @enum {string} */
            overdraftPolicy: "forgive" | "carry";
            owed: components["schemas"]["Millicredits"];
        };
        Statements: {
            items: components["schemas"]["Statement"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        /** @description What a team has, used and may still use, as of the ledger’s time. */
        Team: {
            team: string;
            /** @enum {string} */
            status: "active" | "suspended" | "closed";
            plan: string;
            /** @description From the next reset on. */
            nextPlan: string | null;
            timeZone: string;
            anchor: string;
            at: components["schemas"]["Moment"];
            /** @description Another one after each change of the team: what `live` tells, and takes as `Last-Event-ID`. */
            version: string;
            period: components["schemas"]["Period"];
            nextReset: components["schemas"]["Moment"];
            credits: {
                included: components["schemas"]["Balance"];
                packs: components["schemas"]["Balance"];
                adjustments: components["schemas"]["Balance"];
            };
            /** @description To grants, in this period. */
            charged: components["schemas"]["Millicredits"];
            /** @description Null: pay-as-you-go is on without a cap. */
            spendable: components["schemas"]["Millicredits"] | null;
            payAsYouGo: {
                /** @description Whether the plan has it. */
                eligible: boolean;
                enabled: boolean;
                /** @description Null while on: uncapped. */
                capMicroUsd: components["schemas"]["MicroUsd"] | null;
                charged: components["schemas"]["Millicredits"];
                chargedCents: components["schemas"]["Cents"];
                held: components["schemas"]["Millicredits"];
                /** @description Null: no cap. */
                headroom: components["schemas"]["Millicredits"] | null;
                rate: components["schemas"]["Rate"];
            };
            overdraft: components["schemas"]["Millicredits"];
            owed: components["schemas"]["Millicredits"];
            /** @description Runs in the line. */
            waiting: number;
            settings: {
                /** @enum {string} */
                overdraftPolicy: "forgive" | "carry";
                customIncluded: components["schemas"]["Millicredits"] | null;
                runLimit: components["schemas"]["Millicredits"] | null;
                paygRate: components["schemas"]["Rate"] | null;
                backlog: {
                    [key: string]: {
                        /** @enum {string} */
                        policy: "wait" | "reject" | "keep-latest";
                        longestWaitSeconds: number | null;
                        mostWaiting: number | null;
                    };
                };
                alerts: {
                    percent: number[];
                    paygMicroUsd: components["schemas"]["MicroUsd"][] | null;
                };
            };
        };
        TeamPut: {
            /** @description The key the command was done under: repeat it with this one. */
            idempotencyKey: string;
            team: string;
            /** @enum {string} */
            outcome: "created" | "updated" | "unchanged";
        };
        TeamStatusSet: {
            /** @description The key the command was done under: repeat it with this one. */
            idempotencyKey: string;
            /** @enum {string} */
            status: "active" | "suspended" | "closed";
        };
        Teams: {
            items: components["schemas"]["Team"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        /** @description Days in order, all others dearest first. `to` is exclusive. */
        Usage: {
            /** @enum {string} */
            by: "day" | "flow" | "type" | "run";
            timeZone: string;
            from: components["schemas"]["Moment"];
            to: components["schemas"]["Moment"];
            period: number | null;
            items: components["schemas"]["UsageRow"][];
            /** @description Of all rows, also of those on other pages. */
            total: {
                charges: number;
                /** @description Charged, less what was reversed of it since. */
                amount: components["schemas"]["Millicredits"];
                reversed: components["schemas"]["Millicredits"];
                included: components["schemas"]["Millicredits"];
                purchased: components["schemas"]["Millicredits"];
                adjustment: components["schemas"]["Millicredits"];
                payg: components["schemas"]["Millicredits"];
                overdraft: components["schemas"]["Millicredits"];
            };
            nextCursor: components["schemas"]["NextCursor"];
        };
        /** @description Usage of one day, flow, type or run, and where it came from. */
        UsageRow: {
            /** @description A day in the team’s time zone, a flow’s name, a block type (`run`: the run itself), or a run’s id. */
            key: string;
            workflowId: string | null;
            flow: string | null;
            charges: number;
            /** @description Charged, less what was reversed of it since. */
            amount: components["schemas"]["Millicredits"];
            reversed: components["schemas"]["Millicredits"];
            included: components["schemas"]["Millicredits"];
            purchased: components["schemas"]["Millicredits"];
            adjustment: components["schemas"]["Millicredits"];
            payg: components["schemas"]["Millicredits"];
            overdraft: components["schemas"]["Millicredits"];
        };
        /**
         * @example {
         *       "reason": "ordered twice"
         *     }
         */
        VoidPackInput: {
            reason: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who asks, and what they may do. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTeam: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a team has, used and may still use, as of the ledger’s time. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Team"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putTeam: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes the command safe to repeat: done once, and the first answer again. The ledger’s request id. Left out: one is made up, and told in the answer.
                 * @example 5f0c7d1a-3b1e-4b8e-9a55-0d6f6f3f8f11
                 */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The team’s id, which it keeps for good.
                 * @example acme
                 */
                team: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutTeamInput"];
            };
        };
        responses: {
            /** @description Create a team, or bring its settings up to date. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TeamPut"];
                };
            };
            /** @description Create a team, or bring its settings up to date. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TeamPut"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The idempotency key was used with another payload, or what is there forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `reason` and `detail` say why, `errors` where it can be placed. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTeams: {
        parameters: {
            query?: {
                /** @description Only teams whose id holds it, in whatever case. */
                search?: string;
                /** @description Where the page before ended: its `nextCursor`. Opaque. */
                cursor?: string;
                /** @description How many rows: 50 unless told, 200 at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All teams. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Teams"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUsage: {
        parameters: {
            query?: {
                /** @description What a row is one of. */
                by?: "day" | "flow" | "type" | "run";
                /** @description A billing period by its index; left out: the current one. */
                period?: number;
                /** @description Charges from then on, across periods. */
                from?: string;
                /** @description Exclusive. Days: at most 3,660 from `from`. */
                to?: string;
                /** @description How many rows: 500 unless told, as CSV 10000; 10000 at most. */
                limit?: number;
                /** @description Where the page before ended: its `nextCursor`. Opaque. */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Usage, in order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Usage"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRuns: {
        parameters: {
            query?: {
                /** @description Only runs that are there. */
                status?: "waiting" | "admitted" | "closed" | "left";
                /** @description Only runs of the flow of this name. */
                flow?: string;
                /** @description Where the page before ended: its `nextCursor`. Opaque. */
                cursor?: string;
                /** @description How many rows: 50 unless told, as CSV 500; 500 at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Runs, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Runs"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startRun: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes the command safe to repeat: done once, and the first answer again. The ledger’s request id. Left out: one is made up, and told in the answer.
                 * @example 5f0c7d1a-3b1e-4b8e-9a55-0d6f6f3f8f11
                 */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartRunInput"];
            };
        };
        responses: {
            /** @description It is under way. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunAdmitted"];
                };
            };
            /** @description It stands in the line: at which place, why, and until when. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunWaiting"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The idempotency key was used with another payload, or what is there forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `reason` and `detail` say why, `errors` where it can be placed. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRun: {
        parameters: {
            query?: {
                /** @description Where the page before ended: its `nextCursor`. Opaque. */
                cursor?: string;
                /** @description How many rows: 200 unless told, 1000 at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
                /**
                 * @description The ledger’s id of the run, or a workflow id: of that the latest run.
                 * @example order-17
                 */
                run: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A run and its charges, page by page, each explained. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDetail"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLine: {
        parameters: {
            query?: {
                /** @description Where the page before ended: its `nextCursor`. Opaque. */
                cursor?: string;
                /** @description How many rows: 100 unless told, as CSV 1000; 1000 at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The line, from its head on. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Line"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listStatements: {
        parameters: {
            query?: {
                /** @description Where the page before ended: its `nextCursor`. Opaque. */
                cursor?: string;
                /** @description How many rows: 24 unless told, as CSV 120; 120 at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Statements, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Statements"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPacks: {
        parameters: {
            query?: {
                /** @description Where the page before ended: its `nextCursor`. Opaque. */
                cursor?: string;
                /** @description How many rows: 50 unless told, as CSV 500; 500 at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Packs, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Packs"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    buyPack: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes the command safe to repeat: done once, and the first answer again. The ledger’s request id. Left out: one is made up, and told in the answer.
                 * @example 5f0c7d1a-3b1e-4b8e-9a55-0d6f6f3f8f11
                 */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BuyPackInput"];
            };
        };
        responses: {
            /** @description Record a pack that was bought. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PackBought"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The idempotency key was used with another payload, or what is there forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `reason` and `detail` say why, `errors` where it can be placed. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAdjustments: {
        parameters: {
            query?: {
                /** @description Where the page before ended: its `nextCursor`. Opaque. */
                cursor?: string;
                /** @description How many rows: 50 unless told, as CSV 500; 500 at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Adjustments, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Adjustments"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adjustCredits: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes the command safe to repeat: done once, and the first answer again. The ledger’s request id. Left out: one is made up, and told in the answer.
                 * @example 5f0c7d1a-3b1e-4b8e-9a55-0d6f6f3f8f11
                 */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AdjustCreditsInput"];
            };
        };
        responses: {
            /** @description Give or withdraw credits. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Adjusted"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The idempotency key was used with another payload, or what is there forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `reason` and `detail` say why, `errors` where it can be placed. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description Events after this `seq`; a cursor goes before it. */
                after?: number;
                /** @description Only events of this kind. */
                type?: "run.waiting" | "run.released" | "run.left" | "payg.enabled" | "payg.disabled" | "payg.usage" | "payg.refund" | "payg.threshold" | "period.reset" | "statement.closed" | "usage.threshold";
                /** @description Where the page before ended: its `nextCursor`. Opaque. */
                cursor?: string;
                /** @description How many rows: 100 unless told, as CSV 1000; 1000 at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Events"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description Where the page before ended: its `nextCursor`. Opaque. */
                cursor?: string;
                /** @description How many rows: 100 unless told, as CSV 1000; 1000 at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Entries with an actor, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Audits"];
                    "text/csv": components["schemas"]["Csv"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getForecast: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The day the credits run out if usage goes on as before. Exact of what it stands on, and no more. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Forecast"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    watchTeam: {
        parameters: {
            query?: never;
            header?: {
                /** @description The team’s version that was read: only what is newer is told. */
                "last-event-id"?: string;
            };
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stream that does not end. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["Live"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPlans: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The plans in force, lowest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plans"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRateCards: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All rate cards, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RateCards"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    estimateFlow: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EstimateFlowInput"];
            };
        };
        responses: {
            /** @description What a run of a flow would be charged. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Estimate"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The idempotency key was used with another payload, or what is there forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `reason` and `detail` say why, `errors` where it can be placed. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    previewPayAsYouGo: {
        parameters: {
            query?: {
                /**
                 * @description The cap in dollars, as a person writes it.
                 * @example 25.00
                 */
                capUsd?: string;
                /** @description Without a cap. */
                uncapped?: "true";
            };
            header?: never;
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What turning pay-as-you-go on would do. Changes nothing. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayAsYouGoPreview"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setPayAsYouGo: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes the command safe to repeat: done once, and the first answer again. The ledger’s request id. Left out: one is made up, and told in the answer.
                 * @example 5f0c7d1a-3b1e-4b8e-9a55-0d6f6f3f8f11
                 */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetPayAsYouGoInput"];
            };
        };
        responses: {
            /** @description Turn pay-as-you-go on or off. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayAsYouGoSet"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The idempotency key was used with another payload, or what is there forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `reason` and `detail` say why, `errors` where it can be placed. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changePlan: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes the command safe to repeat: done once, and the first answer again. The ledger’s request id. Left out: one is made up, and told in the answer.
                 * @example 5f0c7d1a-3b1e-4b8e-9a55-0d6f6f3f8f11
                 */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePlanInput"];
            };
        };
        responses: {
            /** @description Change the plan. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanChanged"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The idempotency key was used with another payload, or what is there forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `reason` and `detail` say why, `errors` where it can be placed. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    voidPack: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes the command safe to repeat: done once, and the first answer again. The ledger’s request id. Left out: one is made up, and told in the answer.
                 * @example 5f0c7d1a-3b1e-4b8e-9a55-0d6f6f3f8f11
                 */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
                /** @description The number that buying it answered. */
                pack: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VoidPackInput"];
            };
        };
        responses: {
            /** @description Take a pack back. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PackVoided"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The idempotency key was used with another payload, or what is there forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `reason` and `detail` say why, `errors` where it can be placed. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setTeamStatus: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes the command safe to repeat: done once, and the first answer again. The ledger’s request id. Left out: one is made up, and told in the answer.
                 * @example 5f0c7d1a-3b1e-4b8e-9a55-0d6f6f3f8f11
                 */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetTeamStatusInput"];
            };
        };
        responses: {
            /** @description Suspend, activate or close a team. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TeamStatusSet"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The idempotency key was used with another payload, or what is there forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `reason` and `detail` say why, `errors` where it can be placed. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelRun: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes the command safe to repeat: done once, and the first answer again. The ledger’s request id. Left out: one is made up, and told in the answer.
                 * @example 5f0c7d1a-3b1e-4b8e-9a55-0d6f6f3f8f11
                 */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
                /**
                 * @description The ledger’s id of the run, or a workflow id: of that the latest run.
                 * @example order-17
                 */
                run: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CancelRunInput"];
            };
        };
        responses: {
            /** @description Cancel a run. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunCancelled"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The idempotency key was used with another payload, or what is there forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `reason` and `detail` say why, `errors` where it can be placed. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    discardRun: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes the command safe to repeat: done once, and the first answer again. The ledger’s request id. Left out: one is made up, and told in the answer.
                 * @example 5f0c7d1a-3b1e-4b8e-9a55-0d6f6f3f8f11
                 */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
                /**
                 * @description The ledger’s id of the run, or a workflow id: of that the latest run.
                 * @example order-17
                 */
                run: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DiscardRunInput"];
            };
        };
        responses: {
            /** @description Take one run out of the line. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Discarded"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The idempotency key was used with another payload, or what is there forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `reason` and `detail` say why, `errors` where it can be placed. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    discardLine: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes the command safe to repeat: done once, and the first answer again. The ledger’s request id. Left out: one is made up, and told in the answer.
                 * @example 5f0c7d1a-3b1e-4b8e-9a55-0d6f6f3f8f11
                 */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DiscardLineInput"];
            };
        };
        responses: {
            /** @description Take waiting runs out of the line. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Discarded"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The idempotency key was used with another payload, or what is there forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `reason` and `detail` say why, `errors` where it can be placed. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reverseRun: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes the command safe to repeat: done once, and the first answer again. The ledger’s request id. Left out: one is made up, and told in the answer.
                 * @example 5f0c7d1a-3b1e-4b8e-9a55-0d6f6f3f8f11
                 */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The team’s id.
                 * @example acme
                 */
                team: string;
                /**
                 * @description The ledger’s id of the run, or a workflow id: of that the latest run.
                 * @example order-17
                 */
                run: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReverseRunInput"];
            };
        };
        responses: {
            /** @description Reverse what a run was charged. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reversed"];
                };
            };
            /** @description Malformed; `errors` says what, and where. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not count. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The role does not allow it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown; also a team that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The idempotency key was used with another payload, or what is there forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Refused: `reason` and `detail` say why, `errors` where it can be placed. Nothing was changed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unexpected. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Postgres or Temporal does not answer; `Retry-After` says when to come again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}

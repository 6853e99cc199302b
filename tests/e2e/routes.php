<?php

/**
 * Every way into KiviCare, and what it becomes: the events that it can lead to, or "none: why". RouteMapTest fails on a
 * way that is not here, and on an event that does not exist.
 *
 * rest, rest_reads: below kivicare/v1 of 4.2.1, 4.3.0 and 4.4.0, from rest_get_server()->get_routes(); {name} stands for
 * a parameter. ajax, ajax_reads: route names of 3.6.13's table. cron: WP-Cron's and Action
 * Scheduler's hooks of both. payments, wordpress: hooks that pass none of these. time: a time that comes.
 * Events that a cascade tells (children of what is deleted) stand behind the one that causes them.
 */

declare(strict_types=1);

$settings = 'none: a setting of the site, no record of a clinic';
$session  = 'none: nobody\'s record changes, somebody logs in or out';
$mail     = 'none: a mail goes out, no record changes';
$hours    = 'none: working hours and days off; what they mean for appointments is told by those';

$telemed  = 'none: an account of a video service, nothing that an event tells of';
$template = 'none: a template for encounters; using it is told';

$appointmentGone = 'appointment.deleted encounter.deleted bill.deleted';
$status = 'appointment.status_changed appointment.cancelled appointment.checked_in appointment.checked_out'
    . ' appointment.booked';
$visit = 'encounter.created bill.generated';
$bill = 'bill.updated bill.paid bill.unpaid encounter.closed encounter.reopened appointment.checked_out'
    . ' appointment.status_changed service.added';
$payment = 'appointment.booked appointment.status_changed appointment.payment_completed';
$broken = 'appointment.cancelled appointment.status_changed appointment.payment_cancelled';
$encounterGone = 'encounter.deleted appointment.deleted bill.deleted medical_history.deleted';
$patientGone = 'patient.deleted appointment.deleted encounter.deleted bill.deleted medical_history.deleted';
$doctorGone = 'doctor.removed appointment.deleted encounter.deleted bill.deleted service.deleted';
$clinicGone = 'clinic.deleted appointment.deleted encounter.deleted bill.deleted';

return [
    'rest' => [
        'POST appointments' => "appointment.booked appointment.checked_in $visit",
        'PUT appointments/{id}' => "appointment.updated $status $visit",
        'PUT appointments/{id}/status' => "$status $visit bill.unpaid",
        'DELETE appointments/{id}' => $appointmentGone,
        'POST appointments/bulk/delete' => $appointmentGone,
        'GET|POST appointments/payment-success' => "$payment $broken",
        'GET appointments/payment-cancel' => $broken,
        'POST appointments/payment-verify' => "$payment $broken",
        'POST appointments/payment-webhook' => "$payment $broken",
        'GET appointments/{id}/regenerate-video-conference' => $telemed,
        'POST frontend/kc-book-appointment/upload-medical-report' => 'none: a file; the booking that follows is told',

        // KiviCare Pro's.
        'POST custom-forms/submit' => 'appointment.updated patient.updated doctor.updated encounter.updated',

        'POST patients' => 'patient.registered',
        'PUT patients/{id}' => 'patient.updated patient.status_changed',
        'PUT patients/{id}/status' => 'patient.status_changed',
        'PUT patients/bulk/status' => 'patient.status_changed',
        'DELETE patients/{id}' => $patientGone,
        'POST patients/bulk/delete' => $patientGone,
        'POST auth/register' => 'patient.registered doctor.added receptionist.added',
        'DELETE auth/delete-account' => 'patient.deleted doctor.removed receptionist.removed',

        'POST doctors' => 'doctor.added',
        'PUT doctors/{id}' => 'doctor.updated doctor.status_changed',
        'PUT doctors/{id}/status' => 'doctor.status_changed',
        'PUT doctors/bulk/status' => 'doctor.status_changed',
        'DELETE doctors/{id}' => $doctorGone,
        'POST doctors/bulk/delete' => $doctorGone,

        'POST receptionists' => 'receptionist.added',
        'POST|PUT|PATCH receptionists/{id}' => 'receptionist.updated receptionist.status_changed',
        'POST|PUT|PATCH receptionists/{id}/status' => 'receptionist.status_changed',
        'POST|PUT|PATCH receptionists/bulk/status' => 'receptionist.status_changed',
        'DELETE receptionists/{id}' => 'receptionist.removed',
        'POST receptionists/bulk/delete' => 'receptionist.removed',
        'POST receptionists/bulk-delete' => 'receptionist.removed',

        'POST clinics' => 'clinic.added', // Pro.
        'PUT clinics/{id}' => 'clinic.updated',
        'PUT clinics/{id}/status' => 'clinic.updated',
        'PUT clinics/bulk/status' => 'clinic.updated',
        'POST clinics/{id}/change-admin' => 'clinic.updated',
        'DELETE clinics/{id}' => $clinicGone,
        'POST clinics/bulk/delete' => $clinicGone,
        'POST setup-wizard/clinic' => 'clinic.added doctor.added receptionist.added patient.registered service.added',
        'POST setup-wizard/step-complete' => $settings,

        'POST doctor-services' => 'service.added',
        'PUT doctor-services/{id}' => 'service.updated service.added',
        'PUT doctor-services/bulk/status' => 'service.updated',
        'PUT doctor-services/bulk/public' => 'none: whether guests see a service is not told',
        'DELETE doctor-services/{id}' => 'service.deleted',
        'POST doctor-services/bulk/delete' => 'service.deleted',

        'POST encounters' => 'encounter.created',
        'PUT encounters/{id}' => 'encounter.updated encounter.closed encounter.reopened',
        'PUT encounters/bulk/status' => 'encounter.closed encounter.reopened',
        'DELETE encounters/{id}' => $encounterGone,
        'POST encounters/bulk/delete' => $encounterGone,

        'POST bills' => "bill.generated bill.paid encounter.closed appointment.checked_out service.added",
        'PUT bills/{id}' => $bill,

        'POST prescriptions' => 'prescription.added',
        'PUT prescriptions/{id}' => 'prescription.updated',
        'DELETE prescriptions/{id}' => 'prescription.deleted',
        'POST prescriptions/{encounter_id}/email' => $mail,
        'POST medical-history' => 'medical_history.added', // Dies before the insert without Pro.
        'PUT medical-history/{id}' => 'medical_history.updated',
        'DELETE medical-history/{id}' => 'medical_history.deleted',

        'POST|PUT setting/custom-field/save-data' => 'appointment.updated patient.updated doctor.updated encounter.updated',
        'POST|PUT setting/custom-field/delete' => $settings,
        'POST|PUT setting/custom-field/import' => $settings,
        'POST|PUT setting/custom-field/status' => $settings,
        'POST|PUT setting/custom-field/update' => $settings,
        'POST|PUT settings/appointment-setting' => $settings,
        'POST|PUT settings/configurations' => $settings,
        'POST|PUT settings/email-template' => $settings,
        'POST|PUT settings/email-template/test' => $mail,
        'POST|PUT settings/general' => $settings,
        'POST|PUT settings/google-event-template' => $settings,
        'POST|PUT settings/holidays/delete' => $hours,
        'POST|PUT settings/holidays/update' => $hours,
        'POST|PUT settings/listing/delete' => $settings,
        'POST|PUT settings/listing/update' => $settings,
        'POST|PUT settings/patient-setting' => $settings,
        'POST|PUT settings/widget-setting' => $settings,
        'PUT settings/payment-gateway/{id}' => $settings,
        'POST settings/custom-notifications' => $settings,
        'PUT|PATCH settings/custom-notifications/{id}' => $settings,
        'PUT|PATCH settings/custom-notifications/{id}/status' => $settings,
        'DELETE settings/custom-notifications/{id}' => $settings,
        'POST settings/custom-notifications/{id}/test' => $mail,
        'POST static-data/add-specialty' => $settings,

        'POST clinic-schedules' => $hours,
        'PUT clinic-schedules/{id}' => $hours,
        'DELETE clinic-schedules/{id}' => $hours,
        'POST doctor-sessions' => $hours,
        'PUT doctor-sessions/{id}' => $hours,
        'DELETE doctor-sessions/{id}' => $hours,
        'POST doctor-sessions/bulk/delete' => $hours,

        'POST patients/{id}/resend-credentials' => $mail,
        'POST patients/bulk/resend-credentials' => $mail,
        'POST doctors/{id}/resend-credentials' => $mail,
        'POST doctors/bulk/resend-credentials' => $mail,
        'POST receptionists/{id}/resend-credentials' => $mail,
        'POST receptionists/bulk/resend-credentials' => $mail,
        'POST clinics/{id}/resend-credentials' => $mail,
        'POST clinics/bulk/resend-credentials' => $mail,

        'POST auth/login' => $session,
        'POST auth/logout' => $session,
        'POST auth/forgot-password' => $mail,
        'POST auth/reset-password' => 'none: a password is nothing that an event tells of',
        'POST|PUT|PATCH auth/change-password' => 'none: a password is nothing that an event tells of',
        'POST config' => $settings,
        'POST config/register-key' => $session,
        'POST config/switch-language' => $session,
        'POST config/user-preferences' => $session,
        'POST server-key' => $session,
        'POST system/bug-report/submit' => $mail,
        'POST system/notices/dismiss' => $session,
        'POST system/notices/run-migrations' => $settings,
        'POST system/notices/test-email' => $mail,
    ],

    'rest_reads' => 'appointments appointments/{id} appointments/{id}/print-invoice appointments/{id}/view
        appointments/export appointments/slots appointments/summary auth/getGeneralSettings bills/{id}
        bills/by-encounter/{encounter_id} clinic-schedules clinic-schedules/{id} clinic-schedules/active
        clinic-schedules/get-unavailable-schedule clinic-schedules/module/{module_type}/{module_id} clinics clinics/{id}
        clinics/export clinics/users config config/{group} config/system-status config/user-preferences
        dashboard/recent-payments dashboard/statistics/{component} dashboard/top-doctors dashboard/upcoming-appointments
        doctor-services doctor-services/{id} doctor-services/export doctor-sessions doctor-sessions/{id}
        doctor-sessions/export doctors doctors/{id} doctors/export encounters encounters/{id}
        frontend/kc-book-appointment/get-appointment-confirmation frontend/kc-book-appointment/get-widget-settings
        medical-history medical-history/{id} patients patients/{id} patients/{id}/statistics patients/export
        patients/uniqueid prescriptions prescriptions/{id} prescriptions/export receptionists receptionists/{id}
        receptionists/export setting/custom-field setting/custom-field/by-module setting/custom-field/edit
        setting/custom-field/export setting/custom-field/file-upload setting/custom-field/get-data
        settings/appointment-setting settings/configurations settings/custom-notifications
        settings/custom-notifications/{id} settings/email-template settings/general settings/google-event-template
        settings/holidays settings/holidays/disabled-dates settings/holidays/edit settings/holidays/export
        settings/listing settings/listing/edit settings/listing/export settings/listing/static-data
        settings/patient-setting settings/payment-gateway/{id} settings/payments-gateway settings/widget-setting
        static-data system/notices',

    'ajax' => [
        'appointment_save' => "appointment.booked appointment.updated $status $visit",
        'save_appointment' => "appointment.booked appointment.checked_in $visit",
        'appointment_update_status' => "$status $visit encounter.closed bill.paid bill.unpaid",
        'appointment_delete' => $appointmentGone,
        'appointment_multiple_delete' => $appointmentGone,
        'upload_multiple_report' => 'none: files; the booking is told',
        'custom_form_data_save' => 'appointment.updated patient.updated doctor.updated encounter.updated',

        'patient_save' => 'patient.registered patient.updated patient.status_changed',
        'patient_delete' => $patientGone,
        'register' => 'patient.registered doctor.added receptionist.added',
        'register_new_user' => 'patient.registered',
        'verify_user' => 'patient.status_changed doctor.status_changed receptionist.status_changed',
        'change_module_value_status' => 'patient.status_changed doctor.status_changed receptionist.status_changed'
            . ' clinic.updated service.updated',
        'module_wise_multiple_data_update' => 'patient.status_changed doctor.status_changed receptionist.status_changed'
            . " clinic.updated service.updated service.deleted $patientGone $doctorGone $encounterGone $clinicGone",
        'import_module_data' => 'patient.registered doctor.added receptionist.added service.added clinic.added'
            . ' prescription.added', // Pro; what has no hook is found by the reconciler.
        'patient_clinic_check_out' => 'patient.updated', // Pro.

        'doctor_save' => 'doctor.added doctor.updated',
        'doctor_change_email' => 'doctor.updated',
        'doctor_delete' => $doctorGone,
        'receptionist_save' => 'receptionist.added receptionist.updated',
        'receptionist_delete' => 'receptionist.removed',
        'clinic_save' => 'clinic.added clinic.updated',
        'clinic_delete' => $clinicGone,
        'setup_clinic' => 'clinic.added clinic.updated',
        'setup_clinic_admin' => 'clinic.updated',
        'setup_doctor' => 'doctor.added doctor.updated service.added',
        'setup_receptionist' => 'receptionist.added receptionist.updated',

        'service_save' => 'service.added service.updated',
        'service_delete' => 'service.deleted',

        'patient_encounter_save' => 'encounter.created encounter.updated encounter.closed encounter.reopened',
        'patient_encounter_update_status' => 'encounter.closed encounter.reopened bill.paid appointment.checked_out',
        'save_custom_patient_encounter_field' => 'encounter.updated',
        'patient_encounter_delete' => $encounterGone,
        'insert_template_to_encounter' => 'prescription.added medical_history.added', // Pro.
        'patient_bill_save' => "bill.generated $bill",
        'patient_bill_update_status' => 'bill.updated',
        'patient_bill_item_delete' => 'bill.updated',
        'patient_bill_delete' => 'bill.deleted',
        'prescription_save' => 'prescription.added prescription.updated',
        'prescription_delete' => 'prescription.deleted',
        'medical_history_save' => 'medical_history.added medical_history.updated',
        'medical_history_delete' => 'medical_history.deleted',

        'clinic_session_save' => $hours,
        'clinic_session_delete' => $hours,
        'clinic_schedule_save' => $hours,
        'clinic_schedule_delete' => $hours,
        'setup_clinic_session' => $hours,

        'appointmentLogin' => $session,
        'login' => $session,
        'login_new_user' => $session,
        'logout' => $session,
        'change_password' => 'none: a password is nothing that an event tells of',
        'resend_credential' => $mail,
        'send_payment_link' => $mail,
        'patient_report_mail' => $mail,
        'prescription_mail' => $mail,
        'send_test_notification' => $mail,
        'send_custom_notification_request' => $mail,
        'resend_zoom_link_patient' => $mail,

        'patient_save_review' => 'none: a review of a doctor is not told',
        'medical_records_save' => 'none: records of problems with dates, a part that the dashboard no longer shows',
        'medical_records_delete' => 'none: records of problems with dates, a part that the dashboard no longer shows',
        'upload_patient_report' => 'none: a file of a patient',
        'edit_patient_report' => 'none: a file of a patient',
        'delete_patient_report' => 'none: a file of a patient',

        'add_encounter_temp' => $template,
        'delete_encounter_temp' => $template,
        'save_encounter_template_prescription' => $template,
        'save_encounter_template_medical_history' => $template,
        'delete_encounter_template_prescription' => $template,
        'delete_encounter_template_medical_history' => $template,

        'reset_plugin_data' => 'none: everything goes at once, and with it whoever could be told about',
        'setup_finish' => $settings,
        'update_setup_step' => $settings,
        'static_data_save' => $settings,
        'static_data_delete' => $settings,
        'tax_save' => $settings,
        'tax_delete' => $settings,
        'module_save' => $settings,
        'custom_field_save' => $settings,
        'custom_field_delete' => $settings,
        'custom_form_save' => $settings,
        'custom_form_delete' => $settings,
        'save_dashbaord_sidebar_data' => $settings,
        'save_time_zone_option' => $settings,
        'save_permission_list' => $settings,
        'appointment_cancellation_buffer_save' => $settings,
        'appointment_reminder_notificatio_save' => $settings,
        'update_appointment_time_format' => $settings,
        'appointment_description_status_change' => $settings,
        'appointment_patient_info_status_change' => $settings,
        'restrict_appointment_save' => $settings,
        'change_multifile_upload_status' => $settings,
        'save_app_config' => $settings,
        'save_clinic_currency' => $settings,
        'save_country_code' => $settings,
        'save_encounter_setting' => $settings,
        'save_fullcalendar_setting' => $settings,
        'save_google_recaptcha_setting' => $settings,
        'save_login_redirect_setting' => $settings,
        'save_logout_redirect_setting' => $settings,
        'save_request_helper_status' => $settings,
        'save_registration_form_setting' => $settings,
        'save_registration_shortcode_setting' => $settings,
        'save_google_event_template' => $settings,
        'save_google_meet_event_template' => $settings,
        'google_meet_config' => $settings,
        'google_calender_config' => $settings,
        'terms_condition_save' => $settings,
        'i_understnad_loco_translate' => $settings,
        'save_json_data' => $settings,
        'save_loco_translate' => $settings,
        'update_language' => $settings,
        'custom_notification_save_api_configuration_list' => $settings,
        'custom_notification_save_dynamic_keys' => $settings,
        'save_email_template' => $settings,
        'save_sms_template' => $settings,
        'patient_id_config' => $settings,
        'change_local_payment_status' => $settings,
        'change_woocommerce_payment_status' => $settings,
        'paypal_config_save' => $settings,
        'razorpay_config_save' => $settings,
        'stripepay_config_save' => $settings,
        'edit_clinical_detail_hide_in_patient' => $settings,
        'edit_clinical_detail_include' => $settings,
        'edit_encounter_custom_field_include' => $settings,
        'save_copy_right_text' => $settings,
        'save_custom_notification_setting' => $settings,
        'sms_config_save' => $settings,
        'whatsapp_config_save' => $settings,
        'update_theme_rtl' => $settings,
        'update_theme_color' => $settings,
        'upload_loader' => $settings,
        'upload_logo' => $settings,
        'save_wordpress_logo' => $settings,
        'widget_setting_save' => $settings,
        'upload_widget_loader' => $settings,

        'save_patient_google_cal' => $telemed,
        'connect_doctor' => $telemed,
        'diconnect_doctor' => $telemed,
        'connect_meet_doctor' => $telemed,
        'diconnect_meet_doctor' => $telemed,
        'connect_admin_zoom_oauth' => $telemed,
        'connect_doctor_serveroauth' => $telemed,
        'disconnect_doctor_serveroauth' => $telemed,
        'disconnect_doctor_zoom_oauth' => $telemed,
        'disconnect_doctor_zoom_server_to_server_oauth' => $telemed,
        'generate_doctor_serveroauth_code' => $telemed,
        'generate_doctor_zoom_oauth_token' => $telemed,
        'save_doctor_server_Oauth_configuration' => $telemed,
        'zoom_telemed_save_oauth_config' => $telemed,
        'save_zoom_telemed_server_to_server_oauth_status' => $telemed,
        'save_doctor_zoom_configuration' => $telemed,
        'save_doctor_zoom_server_to_server_oauth_configuration' => $telemed,
    ],

    'ajax_reads' => 'all-appointment all_permission_list appointment_confirm_page appointment_details appointment_list
        billing_record_list clinic_admin_edit clinic_doctor_wise_list clinic_edit clinic_list clinic_schedule_edit
        clinic_schedule_list clinic_session_list clinic_widget_list custom_field_edit custom_field_file_upload_data
        custom_field_list custom_form_data_get custom_form_edit custom_form_list
        custom_notification_get_api_configuration_list custom_notification_get_dynamic_keys doctor_edit doctor_list
        doctor_review_detail doctor_widget_list edit_patient_id_config encounter_extra_clinical_detail_fields
        encounter_module_list get_all_general_setting get_all_lang_option get_all_pro_settings_value get_all_report_type
        get_app_config get_appointment_cancellation_buffer get_appointment_count get_appointment_custom_field
        get_appointment_description_status get_appointment_patient_info_status get_appointment_payment_status
        get_appointment_print get_appointment_queue get_appointment_reminder_notification get_appointment_slots
        get_clinic_appointment_count get_clinic_bar_revenue get_clinic_detail get_clinic_details_appointment
        get_clinic_revenue get_clinic_selected_details get_country_code_settings_data get_country_list get_custom_fields
        get_dashbaord_sidebar_data get_dashboard get_doctor_details get_doctor_telemed_config get_doctor_wise_revenue
        get_doctor_workdays get_doctor_workdays_and_session get_doctor_zoom_configuration
        get_doctor_zoom_server_to_server_oauth_configuration get_email_template get_encounter_print
        get_encounter_template_prescription_list get_encounter_templates get_google_event_template
        get_google_meet_event_template_and_config get_hide_fields_array_from_filter get_json_file get_loco_translate
        get_multifile_upload_status get_patient_report get_payment_status_all get_prescription_print
        get_razorpay_currency_list get_request_helper_status get_server_auth_config get_setup_step_status
        get_sms_template get_static_data get_time_slots get_time_slots_appointment get_twillio_sms_template get_unique_id
        get_user get_user_registration_form_settings_data get_version_data get_weekly_appointment get_widget_loader
        get_widget_payment_options get_widget_setting get_without_bill_encounter_list get_zoom_telemed_config
        import_demo_files login_user_detail medical_history_list medical_history_list_from_template medical_records_edit
        medical_records_list module_list patient_bill_detail patient_bill_edit patient_bill_list patient_edit
        patient_encounter_details patient_encounter_edit patient_encounter_list patient_encounter_template_details
        patient_get_review patient_list patient_profile_view_details prescription_edit prescription_list
        prescription_module_list print_encounter_bill_detail receptionist_edit receptionist_list refresh_dashboard_locale
        render_shortcode restrict_appointment_edit service_edit service_list setup_step_status static_data_edit
        static_data_list tax_calculated_data tax_calculated_encounter_data tax_edit tax_list terms_condition_list
        view_patient_report',

    'cron' => [
        'kc_appointment_auto_close' => 'appointment.status_changed appointment.cancelled',
        'kivicare_wc_auto_cancel_appointment' => $broken,
        'kivicare_cleanup_exports' => 'none: files that were exported go',
        'kivicare_send_scheduled_email' => $mail,
        'kivicare_patient_appointment_reminder' => $mail,
    ],

    'payments' => [
        'kivicare_payment' => "$payment $broken",       // 3.x: the page that a payment service sends patients back to.
        'woocommerce_order_status_changed' => "$payment $broken",
        'woocommerce_order_refunded' => 'appointment.payment_refunded',
    ],

    'wordpress' => [
        'user_register' => 'patient.registered doctor.added receptionist.added',
        'set_user_role' => 'patient.registered doctor.added receptionist.added',
        'profile_update' => 'patient.updated doctor.updated receptionist.updated patient.status_changed'
            . ' doctor.status_changed receptionist.status_changed',
        'delete_user' => 'patient.deleted doctor.removed receptionist.removed',
        'wpmu_delete_user' => 'patient.deleted doctor.removed receptionist.removed',
    ],

    'time' => [
        'appointment.reminder_due' => 'appointment.reminder_due',
        'report.daily' => 'report.daily',
    ],
];
